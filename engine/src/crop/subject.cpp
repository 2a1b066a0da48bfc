#include <utility>

#include <piaa/subject.h>
#include <piaa/subject_features.h>

#include "crop/crop_head.h"
#include "crop/crop_maps.h"
#include "model/extract_maps.h"

namespace piaa {

static_assert(subject_grid == crop_grid);

std::vector<float> find_subject(const Model& model, const Features& features) {
    const CropHead& head = crop_head(model, features);
    const auto chance = chance_for(features, head);
    return (chance ? subject_map(*chance) : subject_map(activations_for(features, head, chance), head))
        .values;
}

std::vector<SubjectFeatures> extract_with_subjects(const Model& model, std::span<const Image> images) {
    std::vector<SubjectFeatures> all;
    for (Features& features : extract_maps(model, images)) {
        auto subject = find_subject(model, features);
        features.maps = {};
        all.push_back({std::move(features), std::move(subject)});
    }
    return all;
}

}  // namespace piaa
