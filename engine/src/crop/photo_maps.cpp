#include "crop/photo_maps.h"

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
      subject(with_surroundings(subject_plane)),
      main_part(with_surroundings(largest_part(subject_plane))),
      subject_core(piaa::subject_core(subject_plane)),
      salient(positive) {
    if (for_text)
        text.emplace(activation_saliency, features.picture.value_or(Image({1, 1}, {128, 128, 128})));
}

}  // namespace piaa
