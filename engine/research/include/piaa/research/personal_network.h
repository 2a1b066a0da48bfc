#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/image.h>
#include <piaa/model.h>
#include <piaa/progress.h>
#include <piaa/research/ratings_table.h>
#include <piaa/research/train_blg.h>
#include <piaa/research/train_network.h>

namespace piaa {

/// What a person's network has on top of the backbone.
enum class PersonalHead {
    generic,  ///< the model's own linear head, from where people in general are
    mlp,  ///< the backbone's class logits through 1024 and 512 hidden units, as BLG-PIAA's authors have it
};

struct PersonalNetworkOptions {
    Trained trained = Trained::last;
    int last_stages = 2;
    PersonalHead head = PersonalHead::generic;
    /// As the authors' code runs: batch statistics, batch normalisation and dropout in the head, a sigmoid on
    /// top, ratings as shares of the highest one. Needs PersonalHead::mlp and a model that squashes photos.
    bool as_published = false;
    AdamForm adam = AdamForm::pytorch;
    double backbone_rate = 1e-5;  ///< of learning one person
    double head_rate = 1e-5;
    int steps = 20;
    int views = 2;  ///< of each photo in meta-training, see NetworkTrainingOptions
    double jitter = 0.08;
    std::uint64_t seed = 1;
    int threads = 1;
};

/// Meta-training of a network over many people; what train_blg() does to a linear head.
struct MetaTrainingOptions {
    TrainBlgOptions blg;  ///< `rate` is the head's
    double backbone_rate = 1e-4;
    int most_people = 0;  ///< a seeded sample of them; 0 for all
    /// The gradient of the query's loss goes through the inner steps, of the head alone, and Adam follows its
    /// mean over the tasks at the same rate; first order otherwise.
    bool second_order = false;
};

/// A network that learns one person after the other, each from the same start: from the generic model
/// (BA-PIAA), or from what meta-training found (BLG-PIAA).
class PIAA_API PersonalNetwork {
public:
    /// A rating from 0 (lowest of the scale) to 1 of a photo, by its number.
    using Rated = std::pair<std::size_t, double>;

    /// Throws Error(bad_argument) for options that contradict each other or do not fit the model.
    PersonalNetwork(const Model& model, const PersonalNetworkOptions& options);
    ~PersonalNetwork();
    PersonalNetwork(PersonalNetwork&&) noexcept;
    PersonalNetwork& operator=(PersonalNetwork&&) noexcept;

    /// Photos are numbered in the order they are added. What stays frozen of the network is run once, here.
    void add(const Image& photo);

    /// Meta-trains the start; ratings.images()[i] is photo i. Throws as train_blg().
    void meta_train(const RatingsTable& ratings, const MetaTrainingOptions& options);

    /// Learns a person from the start and predicts other photos, on 0 to 1.
    std::vector<double> learn(const std::vector<Rated>& learned_from, const std::vector<std::size_t>& asked);

    /// The start; load() throws Error(bad_model) for another model's, another part's or a damaged file.
    void save(const boost::filesystem::path& file) const;
    void load(const boost::filesystem::path& file);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace piaa
