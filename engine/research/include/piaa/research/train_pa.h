#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/progress.h>
#include <piaa/research/dataset.h>
#include <piaa/research/train_prior.h>
#include <piaa/score.h>
#include <piaa/style_axes.h>

namespace piaa {

/// Photos that people like, as the network sees them.
struct LikedFeatures {
    std::vector<Features> features;
    std::vector<float> traits;  ///< trait_count numbers per photo, NaN where nothing is known
};

/// How PA_IAA and MT_IAA are trained (Li, Zhu et al., IEEE TIP 2020). Defaults are the lecture's; the network
/// below the heads stays as it is.
struct TrainPaOptions {
    bool personality = true;  ///< false: MT_IAA, the same network without the personality task
    int hidden = 32;          ///< width of the layer that both streams share
    int epochs = 50;
    int batch = 50;  ///< photos of each stream a step
    double learning_rate = 1e-4;
    /// Of the steps on personality; 0: the same. Its gradients are many times larger than those of the
    /// aesthetic loss, which is a mean over bins of squared shares, so that at one rate it takes the shared
    /// layer for itself.
    double personality_rate = 0;
    double decay = 0.9;  ///< of both rates, every epoch
    double momentum = 0.9;
    double weight_decay = 1e-5;
    /// As the authors' code runs: no shared layer, two heads of 2048 and 1024 with batch normalisation, PReLU
    /// and dropout, Adam at 1e-3 for the aesthetic and 1e-5 for the personality head, halved ever faster, 20
    /// epochs. Overrides the numbers above.
    bool as_published = false;
    /// Whether one person's score starts from this network's own aesthetic head instead of the model's score.
    bool own_generic = false;
    /// The model's linear prior: how its directions tell the axes is learned too, for style_preferences().
    /// Null for no.
    const Prior* directions = nullptr;
    std::uint64_t seed = 1;
    std::string description = "style axes and how people's liking of them differs";
    Progress progress = nullptr;
};

/// Trains both streams by alternating batches (a step on aesthetics, a step on personality), and then learns
/// from the people of `data` how W_b, the five weights of one person's fusion, differ: the result is a prior
/// whose directions are the five axes, for adapt() with the methods "pa" and "mt". For that second step each
/// photo has the axes that networks trained without it and its neighbours give it, as it has a held-out
/// generic score: axes of photos trained on know their ratings, and what people's weights on them show does
/// not hold elsewhere.
///
/// Throws Error(bad_data) for fewer than two people or ten photos or, with the personality task, no liked
/// photo; Error(bad_argument) for lists that differ in length; Error(cancelled).
PIAA_API Prior train_pa(const Model& model, const PriorData& data, const LikedFeatures& liked,
                        const TrainPaOptions& options = {});

/// What the aesthetic head says of each rated photo, 0 to 1, when trained without it: for choosing the
/// options.
PIAA_API std::vector<double> held_out_style_ratings(const Model& model, const PriorData& data,
                                                    const LikedFeatures& liked,
                                                    const TrainPaOptions& options = {});

/// How well axes tell the two ends of each trait apart, on photos not trained on.
struct StyleCheck {
    std::array<double, trait_count> srocc{};     ///< of axis and label; NaN when a trait has one end only
    std::array<double, trait_count> accuracy{};  ///< which end, at the axis' middle; balanced
    std::array<std::size_t, trait_count> photos{};
    /// Mean of each axis over the high minus over the low photos of each trait: [trait of the photos][axis].
    std::array<std::array<double, trait_count>, trait_count> difference{};
};

PIAA_API StyleCheck check_style(const Prior& prior, const LikedFeatures& liked);

}  // namespace piaa
