#pragma once

#include <optional>

#include <piaa/crop.h>

#include "crop/crop_head.h"
#include "crop/crop_maps.h"
#include "crop/text_area.h"

namespace piaa {

/// What every search over one photo looks at, whatever is asked of the crops.
struct PhotoMaps {
    PhotoMaps(const Model& photo_model, const Features& features, bool for_text);

    const Model& model;
    CropHead head;
    std::optional<Plane> chance;
    std::vector<Plane> activations;
    Plane activation_saliency;
    Plane positive;
    Point focus;
    IntegralMap keep;
    Plane subject_plane;
    Point subject_middle;
    std::optional<Box> subject_box;
    IntegralMap subject;    ///< with its surroundings
    Plane heads;            ///< head_map()
    bool has_main_part;     ///< whether main_part is another map than subject
    IntegralMap main_part;  ///< what is to stay whole of a subject that does not fit, with its surroundings
    IntegralMap subject_core;  ///< subject_core()
    IntegralMap salient;
    std::optional<TextAreaMeter> text;  ///< only where text is to stand
};

}  // namespace piaa
