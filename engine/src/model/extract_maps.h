#pragma once

#include <span>
#include <vector>

#include <piaa/features.h>

namespace piaa {

/// extract_features() with the maps and without the picture, which costs a resampling of the photo: for who
/// looks at the maps and drops them.
std::vector<Features> extract_maps(const Model& model, std::span<const Image> images);

}  // namespace piaa
