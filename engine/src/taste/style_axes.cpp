#include <algorithm>

#include <piaa/error.h>
#include <piaa/style_axes.h>

#include "taste/style_network.h"

namespace piaa {

std::array<float, trait_count> style_axes(const Prior& prior, const Features& features) {
    if (!prior.style())
        throw Error(ErrorCode::bad_argument, "the prior " + prior.description() +
                                                 " has no style network and should be one of train pa");
    const Eigen::VectorXf values = prior.style()->axes(taste_inputs(features));
    std::array<float, trait_count> axes{};
    std::copy(values.data(), values.data() + values.size(), axes.begin());
    return axes;
}

ScoreDistribution style_ratings(const Prior& prior, const Features& features, double low, double high) {
    style_axes(prior, features);  // that there is a style network
    const Eigen::VectorXf p = prior.style()->distribution(taste_inputs(features));
    return {low, high, {p.data(), p.data() + p.size()}};
}

std::string style_axis_name(const Prior& prior, std::size_t axis) {
    const std::string name = "style axis " + std::to_string(axis + 1);
    const std::string description = prior.style() ? prior.style()->descriptions.at(axis) : "";
    return description.empty() ? name : name + " (" + description + ")";
}

}  // namespace piaa
