#include "crop/photo_maps.h"

#include <algorithm>

#include "crop/crop_reasons.h"

namespace piaa {

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
      heads(head_map(features, head)),
      has_main_part(chance || std::any_of(heads.values.begin(), heads.values.end(),
                                          [](float value) { return value > 0; })),
      // What merely stands out has no clear parts.
      main_part(with_surroundings(with_heads(chance ? largest_part(subject_plane) : subject_plane, heads))),
      subject_core(piaa::subject_core(subject_plane, chance)),
      salient(positive) {
    if (for_text)
        text.emplace(activation_saliency, features.picture.value_or(Image({1, 1}, {128, 128, 128})));
}

}  // namespace piaa
