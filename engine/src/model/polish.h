#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// How good a picture looks, 0 to 10, by a linear head that LAION learned from 4,000 rated pictures, on the
/// direction of CLIP's embedding. The embedding is a projection of the last class token.
struct PolishHead {
    std::vector<float> projection;  ///< embedding x tokens, row by row
    std::vector<float> weights;     ///< one for each number of the embedding
    double bias = 0;

    std::size_t tokens() const { return weights.empty() ? 0 : projection.size() / weights.size(); }
    PIAA_API double operator()(std::span<const float> class_token) const;
    /// What each number of the class token adds before the embedding is brought to length 1.
    PIAA_API std::vector<float> direction() const;
};

/// Heads by architecture, as models/import_polish writes them. Throws Error(bad_model) naming the file.
PIAA_API std::map<std::string, PolishHead> read_polish_heads(const boost::filesystem::path& file);

}  // namespace piaa
