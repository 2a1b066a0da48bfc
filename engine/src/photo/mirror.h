#pragma once

#include <vector>

#include <piaa/feature_map.h>
#include <piaa/image.h>

namespace piaa {

/// Left and right exchanged.
Image mirrored(const Image& image);

/// The mean of a photo's stage maps and those of its mirror image, which are mirrored back.
void average_with_mirrored(std::vector<FeatureMap>& maps, const std::vector<FeatureMap>& of_mirror_image);

}  // namespace piaa
