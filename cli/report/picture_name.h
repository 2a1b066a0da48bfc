#pragma once

#include <optional>
#include <string>

#include <piaa/geometry.h>

namespace piaa::cli {

/// What somebody was shown: a photo or a part of it. As text it is the photo, by a file's name or by content
/// id, and for a part "#xywh=443,0,1992,2988" after it, in pixels, as the W3C's Media Fragments write it.
struct PictureName {
    std::string photo;
    std::optional<PixelBox> part = {};
};

std::string text_of(const PictureName& picture);

/// Throws Error(bad_argument) for a part that is not four whole numbers, the last two above 0.
PictureName parse_picture_name(const std::string& text);

}  // namespace piaa::cli
