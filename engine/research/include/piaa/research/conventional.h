#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <piaa/attributes.h>
#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// A photo as the time before deep networks saw it (Datta 2006, Marchesotti 2011).
struct ConventionalPhoto {
    Attributes attributes{};
    /// Dense SIFT: 128 numbers per place, on a regular grid at two patch sizes, one place after the other.
    std::vector<std::uint8_t> descriptors;
};

constexpr std::size_t descriptor_length = 128;

/// Describes a photo; best at about 500 pixels a side. Throws Error(bad_model) when OpenCV's module cannot be
/// opened, which only these functions need.
PIAA_API ConventionalPhoto describe_conventionally(const Image& image);

struct ConventionalOptions {
    int words = 256;      ///< of the bag of words
    int mixtures = 32;    ///< of the Fisher vector
    int directions = 48;  ///< principal components of SIFT that the Fisher vector uses
    int sampled = 40000;  ///< descriptors that words and mixtures are learned from
    std::uint64_t seed = 1;
};

/// What one conventional way says of photos it was not trained on.
struct ConventionalAnswer {
    std::string name;
    std::vector<double> ratings;  ///< expected, one a test photo
};

/// Three support-vector regressions of the mean rating: on handcrafted features, on a bag of visual words, on
/// a Fisher vector. Their penalties are chosen by five folds of the training photos. Throws Error(bad_data)
/// for fewer than ten training photos.
PIAA_API std::vector<ConventionalAnswer> predict_conventionally(
    const std::vector<ConventionalPhoto>& training, const std::vector<double>& ratings,
    const std::vector<ConventionalPhoto>& test, const ConventionalOptions& options = {});

/// What one standard deviation more of an attribute adds to the rating, by a linear support-vector
/// regression: the conventional way's explanation of itself.
PIAA_API std::vector<double> explain_conventionally(const std::vector<ConventionalPhoto>& training,
                                                    const std::vector<double>& ratings);

}  // namespace piaa
