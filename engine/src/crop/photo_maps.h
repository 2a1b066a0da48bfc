#pragma once

#include <optional>
#include <vector>

#include <piaa/crop.h>

#include "crop/crop_head.h"
#include "crop/crop_maps.h"
#include "crop/text_area.h"

namespace piaa {

/// What crops are to hold of the subject.
struct ToHold {
    IntegralMap map;
    double enough;  ///< share of it that a crop holds where it fits
    bool whole;     ///< the whole subject and not its main part
};

/// Share of what crops are to hold that they may lose beside the crop that holds most of it.
struct SubjectSlack {
    double of_aspect;
    double free;
    double free_to_taste;  ///< of free crops that a person's taste chooses among
};

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
    IntegralMap subject;           ///< with its surroundings
    IntegralMap subject_strength;  ///< 1 where most of the subject is
    std::vector<ToHold> to_hold;   ///< where the first does not fit the next, which asks less
    SubjectSlack slack;
    IntegralMap subject_core;  ///< subject_core()
    IntegralMap salient;
    std::optional<TextAreaMeter> text;  ///< only where text is to stand
};

}  // namespace piaa
