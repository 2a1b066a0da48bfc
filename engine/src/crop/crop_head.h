#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>
#include <piaa/model.h>

#include "crop/subject_head.h"
#include "photo/plane.h"

namespace piaa {

/// Sides of the grid on which a photo's crops are weighed.
constexpr int crop_grid = 32;

/// Where heads of people and animals are.
struct HeadReading {
    SubjectHead reading;
    double least = 0;  ///< a photo in which no place has this chance shows no head
};

/// What was learned of where people crop; read from crop.safetensors.
struct CropHead {
    /// People keep the middle, and cut more off above and below than at the sides: a place is kept for
    /// certain within these shares of the width and height, and less and less over a band of `prior_softness`
    /// around that border.
    double prior_width = 0.85;
    double prior_height = 0.8;
    double prior_softness = 0.3;
    /// Where the subject is, if that was learned.
    std::optional<SubjectHead> subject;
    std::optional<HeadReading> heads;  ///< likewise
    /// The stages whose activations say what stands out, and how much one deviation of each counts. The
    /// number after the last stage stands for the map of `subject`.
    std::vector<int> stages;
    std::vector<double> weights;
    /// What stands out at each place of the mean training photo, per stage: networks pad their input, and
    /// that shows at the borders.
    std::vector<Plane> expected;
    /// A best crop that gains less than this over a trim in the middle, which needs no look at the photo,
    /// says that things stand where they should.
    double leave_margin = 0.03;

    /// That trim.
    Box middle() const { return {(1 - prior_width) / 2, (1 - prior_height) / 2, prior_width, prior_height}; }
};

/// Under which name the file has the head of a model: maps differ with the network and with its input.
std::string crop_head_name(const ModelInfo& model);

/// The head for a model: from the shipped file, or for one that is not in it the plain head on the deepest
/// stage of each of the two coarsest strides.
CropHead crop_head(const ModelInfo& model, const std::vector<int>& strides);

/// The head for the model of these features. Throws Error(bad_argument) for features without its maps.
CropHead crop_head(const Model& model, const Features& features);

/// Throws Error(bad_model) for anything but a file that write_crop_heads() made.
PIAA_API std::map<std::string, CropHead> read_crop_heads(const boost::filesystem::path& file);
PIAA_API void write_crop_heads(const boost::filesystem::path& file,
                               const std::map<std::string, CropHead>& heads);

}  // namespace piaa
