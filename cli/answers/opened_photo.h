#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <piaa/features.h>
#include <piaa/personal_model.h>

#include "crops/photo_crops.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// A photo that a program holds, as one model saw it.
struct OpenedPhoto {
    OpenedPhoto() = default;
    /// photo: with its bytes; without any, of pixels.
    OpenedPhoto(Photo photo, Features features, const PersonalModel& scorer);

    /// picture_for_lines() where the request levels photos.
    std::optional<Image> lines_for(const CropRequest& request) const;

    /// explain_answer(); of pixels without sharpness.
    nlohmann::ordered_json explained(const PersonalModel& scorer) const;

    Photo name;  ///< with its bytes where the features have maps: they may have to be decoded again
    Features features;
    std::string model_hash;
};

}  // namespace piaa::cli
