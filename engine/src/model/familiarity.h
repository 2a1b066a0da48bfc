#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// How far a picture is from the photos that a model learned from.
struct Familiarity {
    /// Those along which the training photos vary most, orthonormal, row by row.
    std::vector<float> directions;
    std::size_t rank = 0;
    double unlike =
        0;  ///< above it a photo is unlike the training photos; below, novelty says little of errors
    /// How much of the variance of mean ratings the score explains, on the model's scale: what is not known
    /// of a picture of which the score tells nothing.
    double explained = 0;
    /// Mean square of the score's error beside people's mean rating, held out, on the model's scale.
    double mean_error = 0;

    /// Mean square of what the directions do not tell of standardised pooled numbers; about 1 for a picture
    /// that shares nothing with the training photos but their spread.
    PIAA_API double novelty(std::span<const float> standardised) const;
};

/// By the hash of the model, as `train familiarity` writes them. Throws Error(bad_model) naming the file.
PIAA_API std::map<std::string, Familiarity> read_familiarity(const boost::filesystem::path& file);
PIAA_API void write_familiarity(const boost::filesystem::path& file,
                                const std::map<std::string, Familiarity>& models);

/// How far a score may be from people's mean rating, as variances on the scale 1 to 10 that are to be added
/// to that of the picture's ratings.
struct Unfamiliarity {
    double mean_error = 0;  ///< of any picture's generic score
    double variance = 0;    ///< more where nothing like the picture was learned from
    bool unlike = false;    ///< it differs from the training photos more than 99 of 100 photos do
};

/// Nothing where a model has no shipped Familiarity. Of a flagged picture, too, a score tells nothing: nobody
/// was asked how beautiful a gradient or a window full of text is.
PIAA_API Unfamiliarity unfamiliarity(const Model& model, const Features& features, Flags flags);

}  // namespace piaa
