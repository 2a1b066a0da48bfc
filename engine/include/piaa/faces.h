#pragma once

#include <span>
#include <string>
#include <vector>

#include <piaa/crop.h>
#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// Boxes around people's heads, hair and chin included, in shares of the picture; for CropOptions::keep.
///
/// Faces from the front and in profile, at least a twenty-fourth of the longer side high, most certain first,
/// found by YuNet (models/faces.md). A picture of about 320 pixels a side is enough. OpenCV is opened on
/// first need. Throws Error(io) when it or the detector's file is not installed.
PIAA_API std::vector<Box> find_heads(const Image& picture);

/// The one way in which programs keep heads whole: adds those of the photo to what each format must keep.
/// features: with their picture. Returns why faces could not be looked for; empty where they were, whether
/// there are any or not. Safe to call from several threads.
PIAA_API std::string keep_heads(const Features& features, std::span<CropOptions> formats);

}  // namespace piaa
