#pragma once

#include <piaa/crop.h>

#include "crop/crop_candidates.h"

namespace piaa {

enum class Constraint : unsigned { keep, margin, blank, min_kept, min_pixels };

/// What a crop breaks, and how badly. Thousands of candidates have one, so it holds no memory of its own.
class PIAA_API Violations {
public:
    /// Nothing happens when `amount`, what is missing, is 0 or below.
    void add(Constraint constraint, double amount);
    /// 0 for none; the sum of what is missing, as shares.
    double severity() const { return severity_; }
    bool breaks(Constraint constraint) const {
        return (broken_ >> static_cast<unsigned>(constraint) & 1U) != 0;
    }
    /// By their names in CropCandidate::violations.
    std::vector<std::string> violations() const;

private:
    double severity_ = 0;
    unsigned broken_ = 0;  ///< a bit for each constraint
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
    Violations check(const PixelBox& crop) const;

private:
    const CropOptions& options_;
    CropSpace space_;
};

}  // namespace piaa
