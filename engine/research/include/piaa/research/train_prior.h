#pragma once

#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/research/ratings_table.h>

namespace piaa {

/// What many people said of photos that a model describes.
struct PriorData {
    std::vector<Features> features;  ///< one entry for each of ratings.images(), in that order
    /// What a generic score says of each photo, on the scale of the ratings, learned without this photo and
    /// its like: the prior has to know how wrong a generic score is on photos it never saw.
    std::vector<double> held_out_generic;
    RatingsTable ratings;
};

struct TrainPriorOptions {
    int directions = 48;           ///< taste directions kept, at most 49
    int basis = 200;               ///< directions that the covariance is learned on
    double prior_strength = 1500;  ///< so many pseudo-observations (people) hold the covariance to its start
    int variance_steps = 60;       ///< of the search for how much each block of features counts
    int covariance_steps = 15;     ///< of EM
    double mean_penalty = 60;      ///< ridge on the mean taste, in units of the variance it explains
    double gate_deviation = 0.25;  ///< see Prior
    std::string description = "how people's taste differs";
};

/// Learns how people differ, in closed steps: (1) how much each stage of the network and the attributes
/// count, by maximum likelihood of the variance components (MM algorithm, Zhou et al. 2019); (2) on the
/// leading directions of that weighted sum, the full covariance of people's weights by EM; (3) the rotation
/// to the directions that carry most taste, what is dropped becoming noise. The mean is zero except on
/// [1, generic] and what a strongly shrunk regression of the generic score's held-out error finds.
///
/// Throws Error(bad_data) for fewer than two people or ten photos, Error(bad_argument) for lists that differ
/// in length.
PIAA_API Prior train_prior(const Model& model, const PriorData& data, const TrainPriorOptions& options = {});

}  // namespace piaa
