#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <piaa/adapt.h>
#include <piaa/reasons.h>

#include "explain/place_names.h"
#include "model/familiarity.h"
#include "photo/attribute_slopes.h"

namespace piaa {
namespace {

std::vector<PlaceReason> places_of(const Heatmap& map) {
    std::vector<PlaceReason> places;
    for (int i = 0; i < 9; ++i) {
        double sum = 0;
        for (int y = third(i / 3, map.size.height); y < third(i / 3 + 1, map.size.height); ++y)
            for (int x = third(i % 3, map.size.width); x < third(i % 3 + 1, map.size.width); ++x)
                sum += map.at(x, y);
        places.push_back({place_names[i], sum / static_cast<double>(map.values.size())});
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const PlaceReason& a, const PlaceReason& b) { return a.points > b.points; });
    return places;
}

std::vector<AttributeReason> attributes_of(const Attributes& values,
                                           const std::vector<AttributePreference>& liked) {
    std::vector<AttributeReason> reasons;
    for (std::size_t i = 0; i < attribute_count; ++i) {
        AttributeReason reason{.attribute = static_cast<Attribute>(i)};
        reason.value = values[i];
        reason.usual = attribute_norms().mean[i];
        reason.deviations = (reason.value - reason.usual) / attribute_norms().deviation[i];
        // A value as far out as no photo they were measured on says no more than the last that was.
        const double counted = std::clamp(reason.deviations, -3.0, 3.0);
        reason.points = attribute_slopes()[i] * counted;
        for (const AttributePreference& like : liked)
            if (like.attribute == reason.attribute && like.significant())
                reason.taste = like.effect * counted;
        reasons.push_back(reason);
    }
    std::stable_sort(reasons.begin(), reasons.end(), [](const AttributeReason& a, const AttributeReason& b) {
        return std::abs(a.points) > std::abs(b.points);
    });
    return reasons;
}

double constant(const Heatmap& map, const char* name) {
    for (const ScorePart& part : map.constants)
        if (part.name == name) return part.points;
    return 0;
}

}  // namespace

Reasons find_reasons(const Score& score, const Features& features, const Heatmap& generic,
                     const Heatmap* difference, const std::vector<AttributePreference>& liked) {
    Reasons reasons;
    reasons.score = score;
    reasons.average = constant(generic, "average photo");
    reasons.whole = constant(generic, "the photo as a whole");
    reasons.places = places_of(generic);
    reasons.attributes = attributes_of(features.attributes, liked);
    reasons.rest = score.generic - reasons.average;
    for (const AttributeReason& attribute : reasons.attributes) reasons.rest -= attribute.points;
    if (difference == nullptr) return reasons;
    reasons.personal = true;
    reasons.taste_places = places_of(*difference);
    reasons.taste_elsewhere = difference->total() - difference->mean();
    return reasons;
}

Reasons find_reasons(const Model& model, const Features& features) {
    const Score said = score(model, features);
    Reasons reasons = find_reasons(said, features, make_heatmap(model, features), nullptr, {});
    reasons.unlike_training = unfamiliarity(model, features, said.flags).unlike;
    return reasons;
}

Reasons find_reasons(const Model& model, const Prior& prior, const UserProfile& profile,
                     const Features& features) {
    const Heatmap difference = make_heatmap(model, prior, profile, features, HeatmapKind::difference);
    const Score said = score(model, prior, profile, features);
    Reasons reasons = find_reasons(said, features, make_heatmap(model, features), &difference,
                                   attribute_preferences(prior, profile));
    reasons.unlike_training = unfamiliarity(model, features, said.flags).unlike;
    return reasons;
}

}  // namespace piaa
