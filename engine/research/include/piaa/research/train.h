#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/research/ratings_table.h>
#include <piaa/score.h>

namespace piaa {

/// How a network is turned into a model that describes photos.
struct BackboneOptions {
    int input_side = 256;  ///< the network sees about side * side pixels
    bool squash = false;   ///< exactly side x side, whatever the photo's aspect
    bool mirror = false;   ///< features are means over the photo and its mirror image
    /// Which stages are pooled, ascending. Empty: those that see 16 pixels or more a place, or else all.
    std::vector<int> stages;
    RatingScale scale{1, 7};  ///< of the ratings to be learned
    int bins = 7;             ///< ratings on that scale
    ModelOptions model;
};

/// A model with the network of `file` (a model file or a bare backbone) that describes photos but rates all
/// alike. Throws Error(bad_model) as load_model() does.
PIAA_API Model load_backbone(const boost::filesystem::path& file, const BackboneOptions& options = {});

/// The network of a model file as it stands, with all its stages pooled; rates all photos alike.
PIAA_API Model load_network(const boost::filesystem::path& model_file, const ModelOptions& options = {});

/// How many stages of the network are pooled.
PIAA_API int pooled_stage_count(const Model& model);

/// Photos and what people said of them; the lists have one entry per photo.
struct RatedPhotos {
    std::vector<Features> features;  ///< as they will be scored
    /// What the head learns from in their place, e.g. the mean over a photo and its mirror image; may be
    /// empty.
    std::vector<Features> learned;
    std::vector<ScoreDistribution> ratings;
    std::vector<std::string> groups;  ///< photos of one group are never on both sides of a fold
};

/// Distillation: a teacher, trained on the same ratings through another network, labels photos that nobody
/// rated, and the student learns from those labels too (Hinton et al., "Distilling the knowledge in a neural
/// network", 2015). Inside cross-validation the teacher never sees the held-out photos either.
struct Teaching {
    Model teacher;
    std::vector<Features> rated;    ///< the rated photos as the teacher's network sees them
    std::vector<Features> unrated;  ///< further photos, as the teacher's network sees them
    std::vector<Features> student;  ///< those further photos, as the student's network sees them
    double weight = 0.3;            ///< how much a labelled photo counts beside a rated one
};

/// Which numbers of a photo the head may use.
struct FeatureChoice {
    std::vector<int> stages;  ///< places in the model's list of pooled stages; empty for all
    /// How much each pooled stage counts, as a factor on its squared standardised values. Empty: 1, and
    /// stages as coarse as the last one count as much as it in total.
    std::vector<double> stage_weights;
    bool means = true;        ///< channel means
    bool deviations = false;  ///< channel deviations
    bool attributes = false;  ///< hand-made attributes; for comparison only, no model file can hold them
};

/// A linear score learned from other people's ratings of other pictures. The ridge starts from it instead of
/// from 0: it stays where the photos at hand say nothing, and they overrule it where they do.
struct HeadPrior {
    std::vector<float> direction = {};  ///< one weight for each pooled number; empty for none
    double deviation = 0;  ///< of what it gives to the expected ratings of the rated photos, in ratings
};

struct HeadOptions {
    FeatureChoice features;
    int folds = 5;  ///< of the cross-validation that chooses the penalties
    std::uint64_t seed = 1;
    HeadPrior prior = {};  ///< not together with a teacher
};

/// A trained generic head: two weighted sums of standardised features.
struct GenericHead {
    std::vector<float> feature_mean;       ///< of every pooled number over the rated photos
    std::vector<float> feature_deviation;  ///< above 0
    std::vector<float> mean_weights;       ///< their sum is the expected rating
    double mean_bias = 0;
    /// How the class tokens are read from the patches' mean token: rank x channels, and class tokens' numbers
    /// x rank. Empty for a network without class tokens.
    std::vector<float> reading_into;
    std::vector<float> reading_out;
    std::vector<float> spread_weights;  ///< softplus of their sum is the width of the rating distribution
    double spread_bias = 0;
    /// Expected rating = slope * sum + intercept, so that predictions for unseen photos are right on average.
    double calibration_slope = 1;
    double calibration_intercept = 0;
    std::vector<double> held_out;  ///< expected rating of each rated photo by the folds without it
    double mean_penalty = 0;       ///< chosen by cross-validation, in units of the kernel's mean eigenvalue
    double spread_penalty = 0;
};

/// Learns the head in closed form: ridge regression on the mean rating and on the width of the distribution.
/// Throws Error(bad_argument) when lists differ in length, there are fewer than two groups or the prior does
/// not fit.
PIAA_API GenericHead train_head(const Model& model, const RatedPhotos& photos,
                                const std::optional<Teaching>& teaching = {},
                                const HeadOptions& options = {});

/// What a head learned from `photos` says of others, without writing a model.
PIAA_API std::vector<ScoreDistribution> predict_others(const Model& model, const RatedPhotos& photos,
                                                       const std::vector<Features>& others,
                                                       const std::optional<Teaching>& teaching = {},
                                                       const HeadOptions& options = {});

/// For each photo, what a head learned from the folds without it says; penalties are chosen anew inside.
PIAA_API std::vector<ScoreDistribution> predict_held_out(const Model& model, const RatedPhotos& photos,
                                                         const std::optional<Teaching>& teaching = {},
                                                         const HeadOptions& options = {});

/// Writes the network of `base` with this head; star thresholds are the percentiles 10, 35, 65 and 90 of the
/// held-out scores. `half` stores 16-bit numbers. The file is whole or not there.
PIAA_API void save_generic_model(const boost::filesystem::path& file, const Model& base,
                                 const GenericHead& head, const std::string& description, bool half = true);

}  // namespace piaa
