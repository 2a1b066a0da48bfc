#include "crop/photo_maps.h"

#include <algorithm>

#include "crop/crop_reasons.h"

namespace piaa {
namespace {

/// 1 at its highest value.
Plane strength(Plane subject) {
    const float most = highest(subject);
    if (most > 0)
        for (float& value : subject.values) value /= most;
    return subject;
}

/// Where the subject was read. Room around it is given up before any of it is, and all of it before its
/// largest part and the heads.
std::vector<ToHold> of_reading(const Plane& subject, const Plane& heads) {
    constexpr double fits = 0.95;
    const Plane clear = without_faint_parts(subject);
    return {{IntegralMap(with_surroundings(clear)), fits, true},
            {IntegralMap(leaning_up(clear)), fits, true},
            {IntegralMap(with_surroundings(with_heads(leaning_up(largest_part(subject)), heads))), 0, false}};
}

/// Of what merely stands out, which is wide and has no clear parts.
std::vector<ToHold> of_salience(const Plane& subject, const Plane& heads) {
    constexpr double fits = 0.8;
    std::vector<ToHold> all{{IntegralMap(with_surroundings(subject)), fits, true}};
    if (std::any_of(heads.values.begin(), heads.values.end(), [](float value) { return value > 0; }))
        all.push_back({IntegralMap(with_surroundings(with_heads(subject, heads))), 0, false});
    return all;
}

}  // namespace

PhotoMaps::PhotoMaps(const Model& photo_model, const Features& features, bool for_text)
    : model(photo_model),
      head(crop_head(photo_model, features)),
      chance(chance_for(features, head)),
      activations(activations_for(features, head, chance)),
      activation_saliency(piaa::activation_saliency(activations, head)),
      positive(positive_part(activation_saliency)),
      focus(focal_point(positive)),
      keep(keep_map(activation_saliency, head)),
      subject_plane(chance ? subject_map(*chance) : subject_map(activations, head)),
      subject_middle(focal_point(subject_plane)),
      subject_box(piaa::subject_box(subject_plane)),
      subject(with_surroundings(subject_plane)),
      subject_strength(strength(subject_plane)),
      to_hold(chance ? of_reading(subject_plane, head_map(features, head))
                     : of_salience(subject_plane, head_map(features, head))),
      slack(chance ? SubjectSlack{0.01, 0.1, 0.03} : SubjectSlack{0.02, 0.5, 0.5}),
      subject_core(piaa::subject_core(subject_plane, chance)),
      salient(positive) {
    if (for_text)
        text.emplace(activation_saliency, features.picture.value_or(Image({1, 1}, {128, 128, 128})));
}

}  // namespace piaa
