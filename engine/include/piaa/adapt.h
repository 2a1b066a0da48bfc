#pragma once

#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/score.h>

namespace piaa {

struct AdaptOptions {
    /// One of adapt_methods().
    std::string method = "auto";
    /// Where "blg" starts: the weights that `piaa-batch train blg` found, Prior::weights() of them.
    std::vector<double> start = {};
};

/// What adapt() can do:
///   auto      hierarchical Bayesian linear head under the population prior, with the never-worse gate
///   ridge     ridge regression of the ratings, penalty by leave-one-out
///   residual  ridge regression of what the generic score misses (Ren et al. 2017, in closed form)
///   finetune  Adam from the generic head (BA-PIAA)
///   blg       Adam from a meta-learned head (Zhu et al., BLG-PIAA)
///   pa        the generic score plus five weights of one person times style axes (PA_IAA); needs the prior
///             that load_prior(model, "pa") gives
///   pa-image  the same with weights that depend on the photo, linearly on its attributes; same prior
///   mt        as pa, on a network trained without the personality task (MT_IAA), and with its prior
///   pam       kernel regression of what the generic score misses, on attributes and content (Ren et al.)
///   fpmf      a person's weights on the population's factors of attributes and content (factorisation)
///   generic   nobody's taste, for comparison
PIAA_API const std::vector<std::string>& adapt_methods();

/// Learns a person's taste from all events of the profile and returns the profile with what was learned:
/// tensors "weights" (and "covariance" where the method has one), numbers "gate" (0: the generic score is
/// returned, 1: what was learned speaks alone), "noise" and "ten_more" (how much ten more ratings would
/// likely add to the rank correlation), and the agreement with ratings held out one by one. The result
/// does not depend on the order of the events, and taking an event back is as if it had never been.
///
/// The profile's traits, where it has them, move what "pa" and "pa-image" expect before any rating by a
/// little. Repeated ratings of one photo count as their mean. Comparisons are learned by "auto" alone. Throws
/// Error(bad_argument) for an unknown method or rows that are not of this prior, Error(bad_data) when a
/// method is given no events that it can use.
PIAA_API UserProfile adapt(const Prior& prior, const UserProfile& profile, const AdaptOptions& options = {});

/// What a profile expects of one person's rating of a photo, on 0 (lowest) to 1 (highest).
struct PersonalPrediction {
    double rating = 0;     ///< may lie outside 0 to 1
    double deviation = 0;  ///< standard deviation of the rating around it
    double trust = 0;      ///< 0: the generic score; 1: what was learned speaks alone
};

/// row: feature_row() of the photo. Throws Error(bad_profile) when the profile was learned with another
/// prior or not learned yet.
PIAA_API PersonalPrediction predict(const Prior& prior, const UserProfile& profile,
                                    std::span<const float> row);

/// What this person would say of a photo, with the generic score beside it.
PIAA_API Score score(const Model& model, const Prior& prior, const UserProfile& profile,
                     const Features& features);

}  // namespace piaa
