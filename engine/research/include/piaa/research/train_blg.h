#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/prior.h>
#include <piaa/progress.h>
#include <piaa/research/ratings_table.h>

namespace piaa {

/// Which Adam the inner loop runs.
enum class AdamForm {
    pytorch,  ///< torch.optim.Adam: decays .9 and .999, bias corrected
    slide,    ///< as the lecture prints it: .9 in both moments, no bias correction
};

/// Bi-level gradient optimisation (BLG-PIAA, Zhu et al. 2020), first order: every task is one person; from
/// the common weights, `steps` of Adam on some of their ratings (support), then `steps` on others (query);
/// the common weights then move towards where the tasks of a group ended.
struct TrainBlgOptions {
    int tasks = 4;                ///< people a group (T)
    int steps = 5;                ///< Adam steps on support, and again on query (S)
    double learning_rate = 1e-3;  ///< of the inner Adam
    double decay = 0.9;           ///< of that rate from one epoch to the next
    double outer_rate = 1;        ///< how far the common weights follow the tasks (beta)
    int epochs = 3;               ///< passes over the people
    int support = 80;             ///< photos per person; query takes a quarter as many
    AdamForm adam = AdamForm::pytorch;
    /// As the authors' code runs: the weights follow each task in turn, Adam's moments are never reset, and
    /// the decay is taken again every epoch so that it compounds.
    bool as_published = false;
    std::uint64_t seed = 1;
    Progress progress = nullptr;
};

/// Meta-trains the linear head on feature rows; rows[i] is feature_row() of ratings.images()[i]. Returns the
/// common weights, Prior::weights() of them, to be handed to adapt() as AdaptOptions::start. Throws
/// Error(bad_data) when nobody rated five photos, Error(cancelled).
PIAA_API std::vector<double> train_blg(const Prior& prior, const std::vector<std::vector<float>>& rows,
                                       const RatingsTable& ratings, const TrainBlgOptions& options = {});

}  // namespace piaa
