#pragma once

#include <span>
#include <vector>

#include <piaa/feature_map.h>
#include <piaa/geometry.h>

#include "network/architecture.h"

namespace piaa {

/// The values of a stage map at side x side places spread evenly over a region, each interpolated between
/// its four neighbours: place by place, channels innermost. RoIAlign with one sample per bin (He et al.,
/// "Mask R-CNN", 2017). The region may reach to the map's borders, where values continue.
PIAA_API std::vector<float> roi_align(const FeatureMap& map, const Box& region, int side);

/// What Features::pooled would hold if the photo were only this region, without running the network again.
PIAA_API std::vector<float> pooled_region(std::span<const FeatureMap> maps, std::span<const Stage> stages,
                                          const Box& region);

class Model;
struct Features;

/// The same of a photo under its model; what its class tokens would be is read from the region's patches.
PIAA_API std::vector<float> pooled_region(const Model& model, const Features& features, const Box& region);

}  // namespace piaa
