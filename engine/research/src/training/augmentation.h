#pragma once

#include <cstdint>
#include <vector>

#include <piaa/image.h>
#include <piaa/model.h>

namespace piaa {

/// A photo as networks may learn it, at the network's input size: the photo, its mirror image, then crops
/// that take away up to `jitter` of each side, every other one mirrored. Nothing that changes a composition.
std::vector<Image> photo_views(const Model& model, const Image& photo, int count, double jitter,
                               std::uint64_t seed);

}  // namespace piaa
