#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include <piaa/error.h>
#include <piaa/research/personal_network.h>
#include <piaa/sha256.h>
#include <piaa/shuffle.h>
#include <piaa/whole_file.h>

#include "io/tensor_file.h"
#include "model/model_impl.h"
#include "network/backend.h"
#include "network/trainable_network.h"
#include "training/augmentation.h"
#include "training/trainable_spec.h"

namespace piaa {
namespace {

using Weights = std::map<std::string, Tensor>;
using Rated = PersonalNetwork::Rated;

constexpr std::size_t fewest_photos = 5;

/// a += factor * (b - c), for the weights that learn. Running statistics of batch normalisation are no
/// weights: they stay with the network that works.
void add_difference(Weights& a, double factor, const Weights& b, const Weights& c) {
    for (auto& [name, tensor] : a) {
        const auto& to = b.at(name).values;
        const auto& from = c.at(name).values;
        for (std::size_t i = 0; i < tensor.values.size(); ++i)
            tensor.values[i] += static_cast<float>(factor * (static_cast<double>(to[i]) - from[i]));
    }
}

Weights without_statistics(Weights weights) {
    std::erase_if(weights, [](const auto& tensor) {
        return tensor.first.ends_with(".norm.mean") || tensor.first.ends_with(".norm.variance");
    });
    return weights;
}

std::vector<std::vector<Rated>> people_of(const RatingsTable& table) {
    std::vector<std::map<std::size_t, double>> ratings(table.raters().size());
    for (const auto& row : table.rows()) ratings[row.rater][row.image] = table.scale().to_unit(row.rating);
    std::vector<std::vector<Rated>> people;
    for (const auto& person : ratings)
        if (person.size() >= fewest_photos) people.emplace_back(person.begin(), person.end());
    return people;
}

/// The tensors of the model's own head as a network's: the expected rating on 0 to 1.
HeadSpec generic_head(const Model::Impl& data, TrainableSpec& spec) {
    const double range = data.info.scale_high - data.info.scale_low;
    spec.pooled_stages = data.stage_indices;
    spec.deviations = true;
    Tensor weights{{1, static_cast<std::int64_t>(data.pooled_size())}, {}};
    double bias = data.mean_head.bias;
    for (std::size_t i = 0; i < data.pooled_size(); ++i) {
        // LinearHead works on pooled numbers as they are; here they are standardised.
        const double weight = data.mean_head.weights[i] * data.feature_deviation[i];
        bias += static_cast<double>(data.mean_head.weights[i]) * data.feature_mean[i];
        spec.feature_mean.push_back(data.feature_mean[i]);
        spec.feature_scale.push_back(1 / data.feature_deviation[i]);
        weights.values.push_back(static_cast<float>(data.calibration_slope * weight / range));
    }
    const double expected = data.calibration_slope * bias + data.calibration_intercept;
    HeadSpec head{.name = "head"};
    head.start["head.0.weight"] = std::move(weights);
    head.start["head.0.bias"] = {{1}, {static_cast<float>((expected - data.info.scale_low) / range)}};
    return head;
}

HeadSpec mlp_head(bool as_published) {
    HeadSpec head{.name = "head", .input = HeadSpec::Input::logits, .hidden = {1024, 512}};
    head.output = HeadSpec::Output::sigmoid;
    head.batch_norm = as_published;
    head.dropout = as_published ? 0.5 : 0;
    return head;
}

}  // namespace

class PersonalNetwork::Impl {
public:
    Impl(const Model& model, const PersonalNetworkOptions& options) : model_(model), options_(options) {
        const Model::Impl& data = model_.impl();
        if (options.as_published && (options.head != PersonalHead::mlp || !data.preprocessing.squash))
            throw Error(ErrorCode::bad_argument,
                        "the authors' network has a head on the class logits and sees squashed photos");
        const auto bytes = read_whole_file(data.info.file, max_tensor_file);
        model_hash_ = sha256(bytes);
        const TensorFile contents = parse_tensor_file(bytes, data.info.file.string());
        TrainableSpec spec = trainable_spec(data, options.trained, options.last_stages);
        spec.batch_statistics = options.as_published;
        spec.heads = {options.head == PersonalHead::mlp ? mlp_head(options.as_published)
                                                        : generic_head(data, spec)};
        if (options.adam == AdamForm::slide) {
            spec.optimiser.second_decay = spec.optimiser.first_decay;
            spec.optimiser.bias_correction = false;
        }
        spec.seed = options.seed;
        spec.threads = options.threads;
        network_ = backend().make_trainable(spec, contents.tensors);
        start_ = network_->weights();
    }

    void add(const Image& photo) {
        PreparedPhotos views;
        const std::uint64_t seed = options_.seed * 1'000'003 + photos_.size();
        for (const Image& view : photo_views(model_, photo, options_.views, options_.jitter, seed))
            views.push_back(network_->prepare(view));
        photos_.push_back(std::move(views));
    }

    void meta_train(const RatingsTable& ratings, const MetaTrainingOptions& options) {
        const TrainBlgOptions& blg = options.blg;
        if (options.second_order && options_.trained != Trained::head)
            throw Error(ErrorCode::bad_argument, "second order is for heads: train the head alone");
        auto people = people_of(ratings);
        std::mt19937_64 random(blg.seed);
        shuffle(people, random);
        if (options.most_people > 0 && people.size() > static_cast<std::size_t>(options.most_people))
            people.resize(static_cast<std::size_t>(options.most_people));
        if (people.empty())
            throw Error(ErrorCode::bad_data,
                        "nobody rated the " + std::to_string(fewest_photos) + " photos that a task takes");
        set_scale(ratings.scale());
        Weights common = without_statistics(start_);
        network_->set_weights(start_);
        network_->reset_optimiser();
        double decay = 1;
        std::size_t done = 0;
        const auto group = static_cast<std::size_t>(blg.tasks);
        for (int epoch = 0; epoch < blg.epochs; ++epoch) {
            shuffle(people, random);
            for (std::size_t first = 0; first < people.size(); first += group) {
                const std::size_t last = std::min(people.size(), first + group);
                if (blg.progress && !blg.progress(static_cast<double>(done) /
                                                  static_cast<double>(people.size() * blg.epochs)))
                    throw Error(ErrorCode::cancelled, "meta-training was cancelled");
                const std::span<const std::vector<Rated>> tasks(people.data() + first, last - first);
                network_->set_rates(options.backbone_rate * decay, blg.learning_rate * decay);
                if (options.second_order)
                    second_order_update(tasks, common, blg, random);
                else
                    first_order_update(tasks, common, blg, random);
                done += tasks.size();
            }
            decay *= blg.as_published ? std::pow(blg.decay, epoch + 1) : blg.decay;
        }
        // The authors keep the working network after its last task.
        if (!blg.as_published) network_->set_weights(common);
        start_ = network_->weights();
    }

    std::vector<double> learn(const std::vector<Rated>& learned_from, const std::vector<std::size_t>& asked) {
        network_->set_weights(start_);
        network_->reset_optimiser();
        network_->set_rates(options_.backbone_rate, options_.head_rate);
        if (!learned_from.empty()) {
            std::vector<Rated> all = learned_from;
            step_on(all, options_.steps, nullptr);
        }
        PreparedPhotos photos;
        for (const std::size_t photo : asked) photos.push_back(photos_.at(photo).front());
        std::vector<double> predicted;
        for (const auto& row : network_->predict(photos, 0)) predicted.push_back(from_target(row.front()));
        return predicted;
    }

    void save(const boost::filesystem::path& file) const {
        write_tensor_file(file, {{{"piaa.blg_network", configuration()}, {"model", model_hash_}}, start_},
                          Precision::float32);
    }

    void load(const boost::filesystem::path& file) {
        TensorFile contents = read_tensor_file(file);
        const auto kind = contents.metadata.find("piaa.blg_network");
        const auto model = contents.metadata.find("model");
        if (kind == contents.metadata.end() || model == contents.metadata.end())
            throw Error(ErrorCode::bad_model, file.string() + ": file should hold a network of train blg");
        if (model->second != model_hash_)
            throw Error(ErrorCode::bad_model, file.string() + ": network belongs to model " + model->second +
                                                  " and not to " + model_hash_);
        if (kind->second != configuration() || contents.tensors.size() != start_.size())
            throw Error(ErrorCode::bad_model, file.string() + ": network was trained as " + kind->second +
                                                  " and is used as " + configuration());
        network_->set_weights(contents.tensors);
        start_ = network_->weights();
    }

private:
    /// What must be the same when a start is used as when it was learned.
    std::string configuration() const {
        const char* names[] = {"head", "last", "all"};
        std::string text = names[static_cast<int>(options_.trained)];
        if (options_.trained == Trained::last) text += std::to_string(options_.last_stages);
        if (options_.head == PersonalHead::mlp)
            text += options_.as_published ? ", authors' head" : ", mlp head";
        return text + ", " + model_.info().preprocessing;
    }

    void set_scale(const RatingScale& scale) { lowest_share_ = scale.low / scale.high; }

    /// The authors divide ratings by the highest one.
    double to_target(double rating) const {
        return options_.as_published ? lowest_share_ + (1 - lowest_share_) * rating : rating;
    }
    double from_target(double value) const {
        return options_.as_published ? (value - lowest_share_) / (1 - lowest_share_) : value;
    }

    LossTerm loss_of(std::span<const Rated> rated) const {
        LossTerm term;
        for (const auto& [photo, rating] : rated)
            term.targets.push_back({static_cast<float>(to_target(rating))});
        return term;
    }

    PreparedPhotos photos_of(std::span<const Rated> rated, std::mt19937_64* random) const {
        PreparedPhotos photos;
        for (const auto& [photo, rating] : rated) {
            const PreparedPhotos& views = photos_.at(photo);
            photos.push_back(views[random == nullptr ? 0 : (*random)() % views.size()]);
        }
        return photos;
    }

    /// Full-batch steps, each on fresh views when random is given.
    void step_on(std::span<const Rated> rated, int steps, std::mt19937_64* random) {
        const std::vector<LossTerm> losses{loss_of(rated)};
        for (int i = 0; i < steps; ++i) network_->step(photos_of(rated, random), losses);
    }

    struct Split {
        std::vector<Rated> support;
        std::vector<Rated> query;
    };
    static Split split(std::vector<Rated> person, int most, std::mt19937_64& random) {
        shuffle(person, random);
        const std::size_t support =
            std::min<std::size_t>(static_cast<std::size_t>(most), person.size() * 4 / 5);
        const std::size_t query = std::min(person.size() - support, std::max<std::size_t>(1, support / 4));
        const auto at = [&](std::size_t i) { return person.begin() + static_cast<std::ptrdiff_t>(i); };
        return {{at(0), at(support)}, {at(support), at(support + query)}};
    }

    void first_order_update(std::span<const std::vector<Rated>> tasks, Weights& common,
                            const TrainBlgOptions& blg, std::mt19937_64& random) {
        const Weights start = common;
        Weights moved = common;
        for (const auto& person : tasks) {
            const Split task = split(person, blg.support, random);
            network_->set_weights(start);
            if (!blg.as_published) network_->reset_optimiser();
            step_on(task.support, blg.steps, &random);
            step_on(task.query, blg.steps, blg.as_published ? nullptr : &random);
            const Weights learned = without_statistics(network_->weights());
            if (blg.as_published)
                add_difference(common, blg.outer_rate / blg.tasks, learned, Weights(common));
            else
                add_difference(moved, blg.outer_rate / static_cast<double>(tasks.size()), learned, start);
        }
        if (!blg.as_published) common = std::move(moved);
    }

    void second_order_update(std::span<const std::vector<Rated>> tasks, Weights& common,
                             const TrainBlgOptions& blg, std::mt19937_64& random) {
        network_->set_weights(common);
        Weights mean;
        for (const auto& person : tasks) {
            const Split task = split(person, blg.support, random);
            const std::vector<LossTerm> support{loss_of(task.support)};
            const std::vector<LossTerm> query{loss_of(task.query)};
            const MetaGradient found =
                network_->meta_gradient(photos_of(task.support, &random), support,
                                        photos_of(task.query, &random), query, blg.steps, true);
            for (const auto& [name, gradient] : found.gradient) {
                Tensor& sum =
                    mean.emplace(name, Tensor{gradient.shape, std::vector<float>(gradient.values.size())})
                        .first->second;
                for (std::size_t i = 0; i < gradient.values.size(); ++i)
                    sum.values[i] += gradient.values[i] / static_cast<float>(tasks.size());
            }
        }
        network_->apply_gradients(mean);
        common = without_statistics(network_->weights());
    }

    Model model_;
    std::string model_hash_;
    PersonalNetworkOptions options_;
    std::unique_ptr<TrainableNetwork> network_;
    Weights start_;
    std::vector<PreparedPhotos> photos_;
    double lowest_share_ = 1.0 / 7;
};

PersonalNetwork::PersonalNetwork(const Model& model, const PersonalNetworkOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
PersonalNetwork::~PersonalNetwork() = default;
PersonalNetwork::PersonalNetwork(PersonalNetwork&&) noexcept = default;
PersonalNetwork& PersonalNetwork::operator=(PersonalNetwork&&) noexcept = default;

void PersonalNetwork::add(const Image& photo) {
    impl_->add(photo);
}

void PersonalNetwork::meta_train(const RatingsTable& ratings, const MetaTrainingOptions& options) {
    impl_->meta_train(ratings, options);
}

std::vector<double> PersonalNetwork::learn(const std::vector<Rated>& learned_from,
                                           const std::vector<std::size_t>& asked) {
    return impl_->learn(learned_from, asked);
}

void PersonalNetwork::save(const boost::filesystem::path& file) const {
    impl_->save(file);
}

void PersonalNetwork::load(const boost::filesystem::path& file) {
    impl_->load(file);
}

}  // namespace piaa
