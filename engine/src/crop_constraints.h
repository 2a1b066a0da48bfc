#pragma once

#include <piaa/crop.h>

#include "crop_candidates.h"

namespace piaa {

/// What a crop breaks, and how badly.
struct Breach {
    std::vector<std::string> violations;
    double severity = 0;  ///< 0 for none; the sum of what is missing, as shares

    /// Nothing happens when `amount`, what is missing, is 0 or below.
    void add(const char* violation, double amount);
};

/// A part of a crop, given in shares of it, in shares of the photo.
Box part_of(const Box& crop, const Box& part);

/// What a caller asks of a crop, checked on whole pixels.
class PIAA_API CropConstraints {
public:
    /// Throws Error(bad_argument) for options out of range.
    CropConstraints(const CropOptions& options, Size photo);

    const CropSpace& space() const { return space_; }
    /// The crop in whole pixels, of the aspect asked for and moved to hold what must be kept.
    PixelBox in_pixels(const Box& crop) const;
    Breach check(const PixelBox& crop) const;

private:
    const CropOptions& options_;
    CropSpace space_;
};

}  // namespace piaa
