#pragma once

#include <optional>
#include <string>

#include <piaa/geometry.h>

namespace piaa::cli {

/// What somebody was shown: a photo or a part of it. As text it is the photo, by a file's name or by content
/// id, and for a part "#xywh=443,0,1992,2988" after it, in pixels, or "#xywh=percent:25,0,50,100", as the
/// W3C's Media Fragments write it. A photo's copies of other sizes have the same content id, so that a part
/// of one that is named by it is in percent.
struct PictureName {
    std::string photo;
    std::optional<Box> part = {};
    bool pixels = false;  ///< part: else shares
};

/// The name of a part by content id, with as many digits as give the same pixels in the same photo.
std::string picture_id(const std::string& content_id, const PixelBox& part, Size photo);

/// Throws Error(bad_argument) for a part that is not four whole numbers of pixels, the last two above 0, or
/// percent that reach beyond 100.
PictureName parse_picture_name(const std::string& text);

/// The picture's part in a photo of this size, all of it where it names none. Throws Error(bad_data) for
/// pixels beyond it.
PixelBox part_in(const PictureName& picture, Size photo);

}  // namespace piaa::cli
