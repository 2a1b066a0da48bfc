#pragma once

#include <vector>

#include <piaa/crop.h>

namespace piaa {

/// Where crops are looked for.
struct CropSpace {
    Size photo = {};                    ///< pixels
    std::optional<double> aspect = {};  ///< width over height in pixels
    std::optional<Box> keep = {};       ///< the box around all that must be kept
    double margin = 0;                  ///< share of the crop's sides between `keep` and its borders
    std::optional<Box> blank = {};      ///< share of the crop that `keep` should stay out of
    double smallest_width = 0;          ///< shares of the photo that a crop should not go below
    double smallest_height = 0;
    double smallest_area = 0.2;
};

/// Of one aspect: at each of a dozen sizes the crops that hold `keep`, a step of 1/24 of the photo apart, the
/// extremes included; so if a crop of that aspect can hold `keep` with its margin, one does. Free: all boxes
/// between the lines of a grid that are not too small or too long for the photo (grid anchors: Zeng et al.,
/// "Grid anchor based image cropping", 2019), widened to hold `keep`, and the whole frame.
PIAA_API std::vector<Box> crop_candidates(const CropSpace& space);

/// The crops next to one: moved, grown and shrunk by `step`, a share of the photo's sides.
PIAA_API std::vector<Box> crop_neighbours(const CropSpace& space, const Box& crop, double step);

}  // namespace piaa
