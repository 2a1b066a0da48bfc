#include "training/distil_targets.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <piaa/error.h>

#include "model/model_impl.h"
#include "model/network_input.h"

namespace piaa {

std::vector<float> channel_means(const Model& model, const Image& input) {
    std::vector<float> means;
    const auto maps = model.impl().network().run(std::span(&input, 1));
    for (const FeatureMap& map : maps.front()) {
        const auto channels = static_cast<std::size_t>(map.channels);
        const std::size_t first = means.size();
        means.resize(first + channels);
        const float share = 1 / static_cast<float>(map.width * map.height);
        for (std::size_t i = 0; i < map.values.size(); ++i)
            means[first + i % channels] += share * map.values[i];
    }
    return means;
}

DistilTeacher::DistilTeacher(const Model& model, const std::optional<Prior>& prior, int directions)
    : model_(model) {
    const Model::Impl& data = model.impl();
    std::vector<std::size_t> means;  // places of channel means among the pooled numbers
    std::size_t place = 0;
    for (const Stage& stage : data.stages) {
        stages_.push_back(static_cast<std::size_t>(stage.channels));
        for (std::size_t i = 0; i < stages_.back(); ++i) means.push_back(place + i);
        place += stage.pooled_size();
    }
    const auto add = [&](const float* weights) {
        std::vector<float>& reading = readings_.emplace_back();
        for (const std::size_t i : means) reading.push_back(weights[i]);
    };
    add(data.mean_head.weights.data());
    if (!prior) return;
    if (prior->model() != model.info().hash || prior->style() != nullptr)
        throw Error(ErrorCode::bad_argument, "the prior belongs to model " + prior->model_name() +
                                                 " and should be that of the teacher, " + model.info().name);
    const auto count = std::min(prior->directions(), static_cast<std::size_t>(std::max(0, directions)));
    for (std::size_t i = 0; i < count; ++i) add(prior->projection().data() + i * prior->inputs());
}

std::vector<float> DistilTeacher::operator()(const Image& view) const {
    std::vector<float> said = channel_means(model_, network_input(model_, view, view.size()));
    if (said.size() != readings_.front().size())
        throw Error(ErrorCode::bad_model, model_.info().name + ": its head does not fit its stages");
    const std::vector<float> pooled = said;
    for (const auto& reading : readings_)
        said.push_back(std::inner_product(reading.begin(), reading.end(), pooled.begin(), 0.F));
    return said;
}

std::vector<float> DistilTeacher::factors(std::span<const std::vector<float>> said) const {
    const std::size_t numbers = said.front().size();
    std::vector<double> mean(numbers);
    std::vector<double> variance(numbers);
    const auto share = 1 / static_cast<double>(said.size());
    for (const auto& row : said)
        for (std::size_t i = 0; i < numbers; ++i) mean[i] += share * row[i];
    for (const auto& row : said)
        for (std::size_t i = 0; i < numbers; ++i)
            variance[i] += share * (row[i] - mean[i]) * (row[i] - mean[i]);

    std::vector<float> factors;
    // The loss is the mean over all numbers, so each part gets its share of their count.
    const auto add = [&](std::size_t count, double weight) {
        const auto first = variance.begin() + static_cast<std::ptrdiff_t>(factors.size());
        const double total = std::accumulate(first, first + static_cast<std::ptrdiff_t>(count), 0.0);
        const double factor = std::sqrt(weight * static_cast<double>(numbers) / std::max(total, 1e-12));
        factors.insert(factors.end(), count, static_cast<float>(factor));
    };
    const auto others = static_cast<double>(stages_.size()) - 1;
    for (std::size_t s = 0; s < stages_.size(); ++s)
        add(stages_[s], others == 0 ? 0.5 : s + 1 == stages_.size() ? 0.25 : 0.25 / others);
    for (std::size_t i = 0; i < readings_.size(); ++i) add(1, 0.5 / static_cast<double>(readings_.size()));
    return factors;
}

}  // namespace piaa
