#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/adapt.h>
#include <piaa/error.h>

#include "explain/score_head.h"
#include "model/model_impl.h"
#include "photo/guided_upsampling.h"
#include "taste/kernel_expansion.h"

namespace piaa {
namespace {

/// Where one stage's numbers start in Features::pooled, and what the head makes of them.
struct StageHead {
    std::size_t means;       ///< index of the first channel's mean
    std::size_t deviations;  ///< index of the first channel's deviation, 0 for none
    std::size_t channels;
};

/// The head with the class tokens' weights on the patches' mean token, as far as that tells them.
ScoreHead with_places(const TokenReading& reading, ScoreHead head) {
    const std::vector<double> weights = reading.by_way_of(head.pooled);
    for (std::size_t c = 0; c < weights.size(); ++c) head.pooled[c] += weights[c];
    return head;
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
    const ScoreHead placed = data.reading.empty() ? head : with_places(data.reading, head);
    std::size_t first = 0;
    double no_place = 0;  // what stages of one place add
    for (std::size_t s = 0; s < features.maps.size(); ++s) {
        const FeatureMap& map = features.maps[s];
        const Stage& stage = data.stages[s];
        const auto channels = static_cast<std::size_t>(map.channels);
        const Plane share = stage_share(data, placed, features, map,
                                        {first, stage.deviations ? first + channels : 0, channels});
        first += stage.pooled_size();
        if (stage.is_whole()) {
            no_place += share.values.front();
            continue;
        }
        const Plane whole = guided_upsampling(share, result.size);
        for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += whole.values[i];
    }
    for (std::size_t c = 0; c < data.reading.channels; ++c)
        no_place -= (placed.pooled[c] - head.pooled[c]) * (features.pooled[c] - data.feature_mean[c]);
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
    if (no_place != 0) result.constants.push_back({"the photo as a whole", no_place});
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
