#include "training/feature_selection.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/error.h>

#include "model/model_impl.h"

namespace piaa {

using Eigen::Index;

namespace {

/// Stages as coarse as the last one count as much as it in total: few channels are not few opinions.
double recipe_weight(const std::vector<Stage>& stages, std::size_t s) {
    const Stage& last = stages.back();
    return stages[s].stride == last.stride ? static_cast<double>(last.channels) / stages[s].channels : 1;
}

}  // namespace

HeadColumns choose_columns(const Model& model, const FeatureChoice& choice) {
    const auto& stages = model.impl().stages;
    if (!choice.stage_weights.empty() && choice.stage_weights.size() != stages.size())
        throw Error(ErrorCode::bad_argument, std::to_string(choice.stage_weights.size()) +
                                                 " stage weights were given and should be " +
                                                 std::to_string(stages.size()));
    HeadColumns columns;
    std::vector<double> emphasis;
    Index first = 0;
    for (std::size_t s = 0; s < stages.size(); ++s) {
        const Index channels = stages[s].channels;
        const bool chosen =
            choice.stages.empty() || std::count(choice.stages.begin(), choice.stages.end(), s) > 0;
        const double weight =
            choice.stage_weights.empty() ? recipe_weight(stages, s) : choice.stage_weights[s];
        const auto pooled = static_cast<Index>(stages[s].pooled_size());
        for (Index i = 0; chosen && i < pooled; ++i) {
            if (!(i < channels ? choice.means : choice.deviations)) continue;
            columns.places.push_back(first + i);
            emphasis.push_back(std::sqrt(weight));
        }
        first += pooled;
    }
    for (std::size_t i = 0; choice.attributes && i < attribute_count; ++i) {
        columns.places.push_back(first + static_cast<Index>(i));
        emphasis.push_back(1);
    }
    columns.emphasis = Eigen::Map<Eigen::RowVectorXd>(emphasis.data(), static_cast<Index>(emphasis.size()));
    return columns;
}

Eigen::MatrixXd feature_matrix(const Model& model, const std::vector<Features>& photos,
                               const HeadColumns& columns) {
    const std::size_t pooled_size = model.impl().pooled_size();
    Eigen::MatrixXd rows(photos.size(), columns.places.size());
    for (std::size_t i = 0; i < photos.size(); ++i) {
        const Features& photo = photos[i];
        if (photo.pooled.size() != pooled_size)
            throw Error(ErrorCode::bad_argument,
                        "photo " + std::to_string(i) + " has " + std::to_string(photo.pooled.size()) +
                            " pooled numbers and should have " + std::to_string(pooled_size));
        for (std::size_t c = 0; c < columns.places.size(); ++c) {
            const auto column = static_cast<std::size_t>(columns.places[c]);
            rows(i, c) = column < pooled_size ? photo.pooled[column] : photo.attributes[column - pooled_size];
        }
    }
    return rows;
}

}  // namespace piaa
