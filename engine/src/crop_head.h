#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "plane.h"

namespace piaa {

/// Sides of the grid on which a photo's crops are weighed.
constexpr int crop_grid = 32;

/// What was learned of where people crop; read from crop.safetensors.
struct CropHead {
    /// People keep the middle: a place is kept for certain within `prior_size` of the width and height, and
    /// less and less over a band of `prior_softness` around that border.
    double prior_size = 0.8;
    double prior_softness = 0.3;
    /// The stages whose activations say what stands out, and how much one deviation of each counts.
    std::vector<int> stages;
    std::vector<double> weights;
    /// What stands out at each place of the mean training photo, per stage: networks pad their input, and
    /// that shows at the borders.
    std::vector<Plane> expected;
    double border_weight = 0;   ///< cost of a crop border that runs through what stands out
    double leave_margin = 0.1;  ///< a best crop that gains less over the whole frame is not worth it
};

/// The head for a network architecture: from the shipped file, or for one that is not in it the plain head
/// on the deepest stage of each of the two coarsest strides.
CropHead crop_head(const std::string& architecture, const std::vector<int>& strides);

/// Throws Error(bad_model) for anything but a file that write_crop_heads() made.
std::map<std::string, CropHead> read_crop_heads(const boost::filesystem::path& file);
void write_crop_heads(const boost::filesystem::path& file, const std::map<std::string, CropHead>& heads);

}  // namespace piaa
