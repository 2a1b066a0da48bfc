#pragma once

#include <span>
#include <vector>

#include <piaa/export.h>

namespace piaa {

/// What of a transformer's class tokens can be told from the mean over its patches' tokens: a linear map of
/// low rank, learned on photos. It gives what belongs to the photo as a whole its places, as far as that
/// goes, for maps and for regions of a photo. In a model with one stage of patches, which comes first; class
/// tokens are the last of the pooled numbers.
struct TokenReading {
    std::vector<float> into;  ///< rank x channels of the patches' stage, row by row
    std::vector<float> out;   ///< pooled numbers of the class tokens x rank, row by row
    std::size_t channels = 0;

    bool empty() const { return into.empty(); }
    std::size_t rank() const { return channels == 0 ? 0 : into.size() / channels; }
    std::size_t class_numbers() const { return rank() == 0 ? 0 : out.size() / rank(); }

    /// What a head on all pooled numbers weighs each channel of the mean token with by way of the class
    /// tokens.
    PIAA_API std::vector<double> by_way_of(std::span<const double> head) const;

    /// Moves the class tokens among `region`'s pooled numbers as far as its mean token is from `whole`'s.
    /// Does nothing if empty.
    PIAA_API void follow(std::span<float> region, std::span<const float> whole) const;
};

}  // namespace piaa
