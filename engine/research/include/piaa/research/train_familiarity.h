#pragma once

#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/score.h>

namespace piaa {

/// Rated photos and what they are of.
struct FamiliarityData {
    std::vector<Features> features;
    std::vector<ScoreDistribution> ratings;  ///< of each photo
    std::vector<std::string> themes;         ///< photos of one theme are held out together
    std::vector<std::string> kinds;          ///< fewer and wider than themes: a kind nobody learned from
};

/// What was held out, by how far it is from what was learned from.
struct FamiliarityRow {
    std::string name;
    std::size_t photos = 0;
    double novelty = 0;     ///< mean
    double mean_error = 0;  ///< root mean square, of the mean rating
    double error = 0;       ///< root mean square, of one person's rating
    double stated = 0;      ///< root mean square of the spread as it is stated, the mean's error in it
};

/// Learns how far photos can be from a model's training photos and what that costs, from photos held out by
/// theme and by kind, and writes it into the file, beside what that holds of other models. Throws
/// Error(bad_data) with fewer than 100 photos.
PIAA_API std::vector<FamiliarityRow> train_familiarity(const Model& model, const FamiliarityData& data,
                                                       const boost::filesystem::path& file);

}  // namespace piaa
