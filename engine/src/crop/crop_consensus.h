#pragma once

#include <vector>

#include <piaa/crop.h>

namespace piaa {

/// Boxes of which one is meant, each with how likely it is. Every candidate and every step uphill is compared
/// with all of them, which is most of what a search does; so the numbers lie side by side and the loop has no
/// branch.
class PIAA_API CropConsensus {
public:
    /// likely: beside the others', above 0.
    void add(const Box& box, double likely);
    /// With the box that is meant, as overlap() counts it; 0 before the first box is added.
    double expected_overlap(const Box& crop) const;

private:
    static constexpr std::size_t lanes = 4;
    /// As many boxes as are compared at once.
    struct Lanes {
        double left[lanes], top[lanes], right[lanes], bottom[lanes], area[lanes], likely[lanes];
    };
    std::vector<Lanes> boxes_;
    std::size_t count_ = 0;
    double total_ = 0;
};

}  // namespace piaa
