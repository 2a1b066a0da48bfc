#pragma once

#include <string>
#include <vector>

#include <piaa/heatmap.h>
#include <piaa/image.h>

namespace piaa::cli {

/// A map as people get to see it.
struct NamedMap {
    std::string name;  ///< "generic", "personal", "difference"
    Heatmap map;       ///< at the photo's size
    double limit = 1;  ///< the value that gets full colour
    double ends = 1;   ///< what the ends of the legend say: points of a field of the photo, or `limit`
};

/// The map over the photo, and below it what its colours mean.
Image overlay_with_legend(const Image& photo, const NamedMap& map);

/// The photo and its maps side by side, each under its name.
Image heatmap_sheet(const Image& photo, const std::vector<NamedMap>& maps);

}  // namespace piaa::cli
