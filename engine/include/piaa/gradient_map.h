#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/heatmap.h>

namespace piaa {

/// Ways of asking the network backwards what a score hangs on. They say how much, not in which direction.
enum class GradientMap {
    /// What raises the score, from all stages, each brought to at most 1 and the largest taken (Jiang et al.,
    /// "LayerCAM", 2021).
    layer_cam,
    /// The steepest of the three colours' slopes at each pixel (Simonyan et al., "Deep inside convolutional
    /// networks", 2014): points a pixel's full range would bring if nothing bent.
    gradient,
    /// The mean of such gradients over noisy copies of the photo (Smilkov et al., "SmoothGrad", 2017).
    smooth_gradient
};

struct GradientOptions {
    int samples = 25;     ///< noisy copies, 1 to 1000
    double noise = 0.15;  ///< deviation of the noise, as a share of the range of a pixel
    std::uint64_t seed = 1;
    Progress progress = nullptr;
};

/// The map of the generic score, without constants and never negative, at the size of the network's input
/// (layer_cam: of its finest stage). Each copy costs a pass forth and back. For models that look at the
/// mirror image as well, the mean of both. Throws Error(bad_argument) for options out of range,
/// Error(cancelled).
PIAA_API Heatmap gradient_map(const Model& model, const Image& photo, GradientMap kind,
                              const GradientOptions& options = {});

}  // namespace piaa
