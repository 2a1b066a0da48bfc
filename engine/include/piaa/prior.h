#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

class StyleNetwork;

/// So many digits of a content id tell photos apart.
constexpr std::size_t seen_digits = 16;
constexpr std::size_t category_count = 10;  ///< content categories of a prior
constexpr std::size_t factor_count = 5;     ///< factors of matrix factorisation

/// What the older methods "pam" and "fpmf" see of a photo's content, and what is known of people's liking for
/// it.
struct ContentPrior {
    std::vector<float> categories;    ///< kinds of content along the directions: category_count x directions
    double category_width = 1;        ///< places so far apart share a kind by exp(-1/2)
    std::vector<float> factors;       ///< factor_count x (attributes and categories)
    std::vector<double> factor_mean;  ///< of people's weights on [1, factors]
    std::vector<double> factor_covariance;  ///< of those weights, row by row
    double factor_noise = 0;                ///< variance of a rating around them
};

/// What a Prior is made of, while it is learned or read.
struct PriorParts {
    std::string model;       ///< SHA-256 of the model file it was learned on
    std::string model_name;  ///< that model's name, for people
    std::string hash;        ///< SHA-256 of the prior's own file; empty when it has none yet
    std::string description;

    /// The photos it (and, as a rule, its model) was learned on: the first 16 digits of their content ids, so
    /// that no evaluation takes them for unseen people by mistake. A Prior has them in ascending order.
    std::vector<std::string> seen;

    std::size_t inputs = 0;         ///< pooled numbers and attributes of a photo
    std::size_t directions = 0;     ///< taste directions
    std::vector<float> projection;  ///< directions x inputs: from a photo to its place along each direction
    std::vector<float> offset;      ///< added to the projected numbers, one per direction
    double centre = 0;              ///< mean generic score of the photos it was learned on

    /// PA_IAA's and MT_IAA's network (train_pa()), whose five style axes are the directions then; projection
    /// and offset are empty. Null for a linear prior.
    std::shared_ptr<const StyleNetwork> style;
    bool own_generic = false;  ///< with style: generic is what that network's aesthetic head says

    std::vector<double> mean;        ///< 2 + directions
    std::vector<double> covariance;  ///< (2 + directions) x (2 + directions), row by row
    double noise = 0;                ///< variance of a rating around the linear prediction
    /// How far the gate (1 trusts what was learned) is expected to stray from 1: a standard deviation.
    double gate_deviation = 0.25;

    std::optional<ContentPrior> content;  ///< none in a prior that was made without it

    std::size_t weights() const { return 2 + directions; }
    /// The numbers that stand for a photo in a profile: generic score, place along each direction,
    /// attributes.
    std::size_t row_length() const { return 1 + directions + attribute_count; }
};

/// What is known of people's taste before meeting one: the directions in which people differ, how much they
/// do, and how far a single rating strays. Learned from many people's ratings by train_prior(); belongs to
/// one model.
///
/// Ratings and scores are put on 0 (lowest) to 1 (highest of the scale). A person's ratings are modelled as
/// weights . x + noise with x = [1, generic - centre, taste directions] and weights drawn from
/// normal(mean, covariance).
///
/// Promise: the lengths of its parts fit together, a photo's row fits into a profile, the covariance is
/// positive definite, and noise, widths and deviations are above 0.
class PIAA_API Prior {
public:
    /// Throws Error(bad_model), beginning with `name`, for parts that break the promise.
    explicit Prior(PriorParts parts, const std::string& name = "prior");

    /// To make another prior of.
    const PriorParts& parts() const { return parts_; }
    const std::string& model() const { return parts_.model; }
    const std::string& model_name() const { return parts_.model_name; }
    const std::string& hash() const { return parts_.hash; }
    const std::string& description() const { return parts_.description; }
    std::size_t inputs() const { return parts_.inputs; }
    std::size_t directions() const { return parts_.directions; }
    const std::vector<float>& projection() const { return parts_.projection; }
    const std::vector<float>& offset() const { return parts_.offset; }
    double centre() const { return parts_.centre; }
    const StyleNetwork* style() const { return parts_.style.get(); }
    bool own_generic() const { return parts_.own_generic; }
    const std::vector<double>& mean() const { return parts_.mean; }
    const std::vector<double>& covariance() const { return parts_.covariance; }
    double noise() const { return parts_.noise; }
    double gate_deviation() const { return parts_.gate_deviation; }
    const std::optional<ContentPrior>& content() const { return parts_.content; }

    std::size_t weights() const { return parts_.weights(); }
    std::size_t row_length() const { return parts_.row_length(); }
    /// Whether it was learned on this photo.
    bool has_seen(const std::string& content_id) const;

private:
    PriorParts parts_;
};

/// The row that stands for a photo in learning, see PriorParts::row_length(). Throws Error(bad_argument) when
/// the prior belongs to another model.
PIAA_API std::vector<float> feature_row(const Model& model, const Prior& prior, const Features& features);

/// The numbers the taste directions are computed from: pooled features, then attributes.
PIAA_API std::vector<float> taste_inputs(const Features& features);

/// Reads a prior's safetensors file. Throws Error(bad_model) for anything but a whole one.
PIAA_API Prior load_prior(const boost::filesystem::path& file);

/// The prior shipped for a model: models/prior-<name>.safetensors. Throws Error(bad_model) when there is
/// none or when it was learned on another version of the model.
PIAA_API Prior load_prior(const Model& model);

/// The prior shipped for a model that a method of adapt() starts from: style axes for "pa" and "pa-image"
/// and for "mt", the one above for all others.
PIAA_API Prior load_prior(const Model& model, const std::string& method);

/// Writes beside and renames. The prior's hash is set by reading the file back.
PIAA_API void save_prior(const boost::filesystem::path& file, const Prior& prior);

}  // namespace piaa
