#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/image.h>
#include <piaa/model.h>
#include <piaa/research/train.h>
#include <piaa/score.h>

namespace piaa {

/// Which part of a network learns.
enum class Trained { head, last, all };

struct NetworkTrainingOptions {
    Trained trained = Trained::last;
    int last_stages = 2;  ///< how many stages learn with Trained::last
    int epochs = 10;
    int batch = 16;
    double backbone_rate = 3e-5;
    double head_rate = 3e-5;
    double rate_decay = 0.9;  ///< from one epoch to the next
    bool sgd = false;         ///< with momentum, in place of Adam
    double momentum = 0.9;
    double weight_decay = 0;
    bool batch_statistics = false;  ///< see TrainableSpec; needs squashed photos
    /// The squared earth mover's distance has weight 1; what is added to it:
    double rank_weight = 0;       ///< pairwise rank loss on mean ratings (Kong et al. 2016)
    double rank_margin = 0.5;     ///< in units of the ratings
    double attribute_weight = 0;  ///< squared error of further numbers about the photo (Kong et al.)
    double category_weight = 0;   ///< cross entropy of the photo's category (Kong et al.; Kao et al. 2017)
    /// Views of each photo to learn from: the photo, its mirror image, then crops that take away up to
    /// `jitter` of each side, every other one mirrored. Nothing that would change a composition.
    int views = 4;
    double jitter = 0.08;
    std::uint64_t seed = 1;
    int threads = 1;
    boost::filesystem::path checkpoint;  ///< written after each epoch; empty for none
    bool resume = false;                 ///< go on from there, if it is there
};

/// What is known of a photo; the lists may be empty where the weight of their loss is zero.
struct TrainingTargets {
    ScoreDistribution ratings;
    std::vector<float> attributes;  ///< numbers of about unit size, as many for every photo
    int category = -1;              ///< from 0; -1 unknown
};

/// After an epoch.
struct EpochMetrics {
    int epoch = 0;              ///< from 1
    double loss = 0;            ///< mean over its steps
    double held_out_srocc = 0;  ///< of the held-out photos' means; NaN without any
    double held_out_emd = 0;    ///< squared earth mover's distance of their distributions
};

/// Called after each epoch.
using EpochReport = std::function<void(const EpochMetrics&)>;

/// Fine-tunes a model: its head and, if asked for, its network, to people's rating distributions, on top of
/// what a closed-form head or chance gives. Add photos, run, save.
class PIAA_API NetworkTraining {
public:
    /// `start`: a model from load_backbone() or a model file; `head`: from train_head(), the head to go on
    /// from. categories: how many there are. Throws Error(bad_argument) for options that contradict each
    /// other.
    NetworkTraining(const Model& start, const GenericHead& head, const NetworkTrainingOptions& options,
                    int categories = 0);
    ~NetworkTraining();
    NetworkTraining(NetworkTraining&&) noexcept;
    NetworkTraining& operator=(NetworkTraining&&) noexcept;

    /// Held-out photos are only measured. What stays frozen of the network is run once, here.
    void add(const Image& photo, const TrainingTargets& targets, bool held_out = false);

    /// All epochs. `go_on` is asked after each step; when it says no, Error(cancelled) is thrown and the
    /// checkpoint of the last whole epoch stays: resuming gives the bytes that an uninterrupted run gives.
    /// Throws Error(bad_data) for a checkpoint of another training, or when the loss stops being finite.
    std::vector<EpochMetrics> run(const EpochReport& report = nullptr,
                                  const std::function<bool()>& go_on = nullptr);

    /// What the network as it stands says of the held-out photos, in the order they were added.
    std::vector<ScoreDistribution> predict_held_out() const;

    /// The model as it stands, see save_generic_model().
    void save(const boost::filesystem::path& file, const std::string& description, bool half = true) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace piaa
