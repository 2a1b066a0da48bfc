#pragma once

#include <optional>
#include <string>

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

    Photo name;  ///< with its bytes where lines_for() may have to decode them again
    Features features;
    std::string model_hash;
};

}  // namespace piaa::cli
