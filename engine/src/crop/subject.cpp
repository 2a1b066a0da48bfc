#include <piaa/subject.h>

#include "crop/crop_head.h"
#include "crop/crop_maps.h"

namespace piaa {

static_assert(subject_grid == crop_grid);

std::vector<float> find_subject(const Model& model, const Features& features) {
    const CropHead& head = crop_head(model, features);
    const auto chance = chance_for(features, head);
    return (chance ? subject_map(*chance) : subject_map(activations_for(features, head, chance), head))
        .values;
}

}  // namespace piaa
