#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/adapt.h>
#include <piaa/error.h>

#include "explain/score_head.h"
#include "model/model_impl.h"
#include "model/places.h"
#include "photo/guided_upsampling.h"
#include "taste/kernel_expansion.h"

namespace piaa {
namespace {

std::vector<double> mean_token(const FeatureMap& patches) {
    const auto channels = static_cast<std::size_t>(patches.channels);
    std::vector<double> mean(channels);
    for (std::size_t i = 0; i < patches.values.size(); ++i) mean[i % channels] += patches.values[i];
    for (double& value : mean)
        value *= static_cast<double>(channels) / static_cast<double>(patches.values.size());
    return mean;
}

/// Where one stage's numbers start in Features::pooled, and what the head makes of them.
struct StageHead {
    std::size_t means;       ///< index of the first channel's mean
    std::size_t deviations;  ///< index of the first channel's deviation, 0 for none
    std::size_t channels;
};

/// What the class tokens owe to each place. How far the photo as a whole is from the average one is told by
/// its patches' mean token, and which places of it do more than others by what photos lost without such ones.
Plane class_token_share(const Model& model, const ScoreHead& head, const FeatureMap& patches) {
    const Model::Impl& data = model.impl();
    const TokenReading* places = shipped_places(model);
    const std::vector<double> between_photos = data.reading.by_way_of(head.pooled);
    const std::vector<double> within = (places ? *places : data.reading).by_way_of(head.pooled);
    const std::vector<double> mean = mean_token(patches);
    double whole = 0;
    for (std::size_t c = 0; c < mean.size(); ++c)
        whole += between_photos[c] * (mean[c] - data.feature_mean[c]);
    Plane share(patches.width, patches.height);
    for (int y = 0; y < patches.height; ++y)
        for (int x = 0; x < patches.width; ++x) {
            double sum = whole;
            const auto token = patches.at(x, y);
            for (std::size_t c = 0; c < mean.size(); ++c) sum += within[c] * (token[c] - mean[c]);
            share.at(x, y) = static_cast<float>(sum);
        }
    return share;
}

/// What each place of a stage adds. A channel's mean is the mean of its places; its deviation is the mean of
/// their squared deviations over the deviation, so places share it by how much they stray.
Plane stage_share(const Model::Impl& data, const ScoreHead& head, const Features& features,
                  const FeatureMap& map, const StageHead& stage) {
    double at_average = 0;  // what the average photo has, which is not this photo's merit
    for (std::size_t c = 0; c < stage.channels; ++c)
        at_average += head.pooled[stage.means + c] * data.feature_mean[stage.means + c];
    for (std::size_t c = 0; stage.deviations != 0 && c < stage.channels; ++c)
        at_average += head.pooled[stage.deviations + c] * data.feature_mean[stage.deviations + c];
    Plane share(map.width, map.height);
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x) {
            const auto values = map.at(x, y);
            double sum = -at_average;
            for (std::size_t c = 0; c < stage.channels; ++c) {
                sum += head.pooled[stage.means + c] * values[c];
                const double weight = stage.deviations == 0 ? 0 : head.pooled[stage.deviations + c];
                if (weight == 0) continue;
                const double away = values[c] - features.pooled[stage.means + c];
                sum += weight * (away * away + variance_floor) / features.pooled[stage.deviations + c];
            }
            share.at(x, y) = static_cast<float>(sum);
        }
    return share;
}

/// What the photo's pooled numbers are worth above those of the average photo.
double above_average(const Model::Impl& data, const ScoreHead& head, const Features& features) {
    double sum = 0;
    for (std::size_t i = 0; i < head.pooled.size(); ++i)
        sum += head.pooled[i] * (features.pooled[i] - data.feature_mean[i]);
    return sum;
}

void check(const Model::Impl& data, const Features& features) {
    if (features.maps.empty())
        throw Error(ErrorCode::bad_argument, "features have no maps and a heatmap needs them");
    require_pooled(features.pooled.size(), data.pooled_size());
    if (features.maps.size() != data.stages.size())
        throw Error(ErrorCode::bad_argument, "features have " + std::to_string(features.maps.size()) +
                                                 " maps and this model should have " +
                                                 std::to_string(data.stages.size()));
}

}  // namespace

Heatmap class_activation_map(const Model& model, const ScoreHead& head, const Features& features) {
    const Model::Impl& data = model.impl();
    check(data, features);
    Heatmap result;
    for (const FeatureMap& map : features.maps)
        result.size = {std::max(result.size.width, map.width), std::max(result.size.height, map.height)};
    Plane sum(result.size.width, result.size.height);
    std::size_t first = 0;
    for (std::size_t s = 0; s < features.maps.size(); ++s) {
        const FeatureMap& map = features.maps[s];
        const Stage& stage = data.stages[s];
        const auto channels = static_cast<std::size_t>(map.channels);
        if (stage.is_whole()) {
            first += stage.pooled_size();
            continue;
        }
        const Plane share = stage_share(data, head, features, map,
                                        {first, stage.deviations ? first + channels : 0, channels});
        first += stage.pooled_size();
        const Plane whole = guided_upsampling(share, result.size);
        for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += whole.values[i];
    }
    if (!data.reading.empty()) {
        const Plane share = class_token_share(model, head, features.maps.front());
        for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += share.values[i];
    }
    result.values = std::move(sum.values);

    double average = head.constant;
    for (std::size_t i = 0; i < head.pooled.size(); ++i) average += head.pooled[i] * data.feature_mean[i];
    for (std::size_t i = 0; i < attribute_count; ++i) {
        if (head.attributes[i] == 0) continue;
        const double usual = attribute_norms().mean[i];
        average += head.attributes[i] * usual;
        result.constants.push_back({std::string(attribute_name(static_cast<Attribute>(i))),
                                    head.attributes[i] * (features.attributes[i] - usual)});
    }
    result.constants.push_back({"average photo", average});
    if (data.has_class_tokens())
        result.constants.push_back(
            {"the photo as a whole", above_average(data, head, features) - result.mean()});
    std::stable_sort(
        result.constants.begin(), result.constants.end(),
        [](const ScorePart& a, const ScorePart& b) { return std::abs(a.points) > std::abs(b.points); });
    return result;
}

Heatmap make_heatmap(const Model& model, const Features& features) {
    return class_activation_map(model, generic_head(model), features);
}

Heatmap make_heatmap(const Model& model, const Prior& prior, const UserProfile& profile,
                     const Features& features, HeatmapKind kind) {
    const auto row = feature_row(model, prior, features);
    predict(prior, profile, row);  // refuses what does not belong together
    const ScoreHead generic = generic_head(model);
    if (kind == HeatmapKind::generic) return class_activation_map(model, generic, features);
    ScoreHead personal = personal_head(model, prior, profile);
    // How alike the photo is to rated ones is no place's.
    personal.constant += 9 * profile.learned().gate() * kernel_expansion(prior, profile, row);
    return class_activation_map(model, kind == HeatmapKind::personal ? personal : personal - generic,
                                features);
}

}  // namespace piaa
