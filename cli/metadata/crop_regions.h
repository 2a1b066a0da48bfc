#pragma once

#include <exiv2/exiv2.hpp>

#include <piaa/geometry.h>

#include "metadata/crop_metadata.h"

namespace piaa::cli {

/// Adds to a crop's XMP those regions of its photo (faces and the like by mwg-rs, rectangles of IPTC) of
/// which at least half lies in the crop, cut at its edges and in its own shares. Left out are regions of a
/// photo of another shape, IPTC's of a photo that is shown turned, because programs do not agree on what they
/// mean there, and recommendations how to crop.
void add_regions(const Exiv2::XmpData& photo, const CropPlace& place, Exiv2::XmpData& crop);

}  // namespace piaa::cli
