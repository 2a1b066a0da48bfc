#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/research/train_network.h>
#include <piaa/sha256.h>
#include <piaa/shuffle.h>
#include <piaa/statistics.h>
#include <piaa/whole_file.h>

#include "io/tensor_file.h"
#include "model/model_impl.h"
#include "network/backend.h"
#include "network/trainable_network.h"
#include "training/augmentation.h"
#include "training/generic_model_file.h"
#include "training/rating_targets.h"
#include "training/trainable_spec.h"

namespace piaa {
namespace {

using Kind = LossTerm::Kind;
using nlohmann::json;

enum HeadPlace : std::size_t { rating_head, attribute_head, category_head };

/// Where the pooled numbers that the network computes stand in Features::pooled.
std::vector<std::size_t> used_places(const std::vector<Stage>& stages, bool deviations) {
    std::vector<std::size_t> places;
    std::size_t first = 0;
    for (const Stage& stage : stages) {
        const auto channels = static_cast<std::size_t>(stage.channels);
        for (std::size_t i = 0; i < channels * (deviations ? 2 : 1); ++i) places.push_back(first + i);
        first += 2 * channels;
    }
    return places;
}

bool uses_deviations(const std::vector<Stage>& stages, const GenericHead& head) {
    std::size_t first = 0;
    for (const Stage& stage : stages) {
        const auto channels = static_cast<std::size_t>(stage.channels);
        for (std::size_t i = first + channels; i < first + 2 * channels; ++i)
            if (head.mean_weights[i] != 0 || head.spread_weights[i] != 0) return true;
        first += 2 * channels;
    }
    return false;
}

struct Sample {
    PreparedPhotos views;  ///< the photo, its mirror image, and so on
    TrainingTargets targets;
};

std::vector<float> row_of(const ScoreDistribution& ratings) {
    return {ratings.probabilities().begin(), ratings.probabilities().end()};
}

}  // namespace

class NetworkTraining::Impl {
public:
    Impl(const Model& start, const GenericHead& head, const NetworkTrainingOptions& options, int categories)
        : model_(start), head_(head), options_(options), categories_(categories) {
        const Model::Impl& data = model_.impl();
        if (options.epochs < 1 || options.batch < 2 || options.views < 1 || options.last_stages < 1)
            throw Error(ErrorCode::bad_argument, "training needs an epoch, two photos a step and a view");
        if (head.mean_weights.size() != data.pooled_size())
            throw Error(ErrorCode::bad_argument, "head of " + std::to_string(head.mean_weights.size()) +
                                                     " weights does not fit a model with " +
                                                     std::to_string(data.pooled_size()) + " pooled numbers");
        if (options.category_weight > 0 && categories < 2)
            throw Error(ErrorCode::bad_argument, "learning categories needs two or more of them");
        places_ = used_places(data.stages, uses_deviations(data.stages, head));
    }

    void add(const Image& photo, const TrainingTargets& targets, bool held_out) {
        if (!network_) build(targets.attributes.size());
        Sample sample{{}, targets};
        const int views = !held_out ? options_.views : model_.impl().preprocessing.mirror ? 2 : 1;
        const std::uint64_t seed = options_.seed * 1'000'003 + learned_.size();
        for (const Image& view : photo_views(model_, photo, views, options_.jitter, seed))
            sample.views.push_back(network_->prepare(view));
        (held_out ? held_out_ : learned_).push_back(std::move(sample));
    }

    std::vector<EpochMetrics> run(const EpochReport& report, const std::function<bool()>& go_on) {
        if (learned_.size() < 2) throw Error(ErrorCode::bad_data, "training needs two photos or more");
        std::vector<EpochMetrics> done = options_.resume ? read_checkpoint() : std::vector<EpochMetrics>();
        for (int epoch = static_cast<int>(done.size()) + 1; epoch <= options_.epochs; ++epoch) {
            EpochMetrics metrics{epoch, learn(epoch, go_on), 0, 0};
            measure(metrics);
            done.push_back(metrics);
            write_checkpoint(done);
            if (report) report(metrics);
        }
        return done;
    }

    std::vector<ScoreDistribution> predict(const std::vector<Sample>& samples) const {
        std::vector<ScoreDistribution> result;
        if (samples.empty()) return result;
        PreparedPhotos photos;
        for (const Sample& sample : samples)
            photos.insert(photos.end(), sample.views.begin(),
                          sample.views.begin() + static_cast<std::ptrdiff_t>(seen_views(sample)));
        const auto rows = network_->predict(photos, rating_head);
        std::size_t next = 0;
        for (const Sample& sample : samples) {
            const std::size_t views = seen_views(sample);
            double mean = 0;
            double width = 0;
            for (std::size_t i = 0; i < views; ++i, ++next) {
                mean += rows[next][0] / static_cast<double>(views);
                width += rows[next][1] / static_cast<double>(views);
            }
            result.push_back(distribution_of(sample.targets.ratings, mean, width));
        }
        return result;
    }

    std::vector<ScoreDistribution> predict_held_out() const { return predict(held_out_); }

    void save(const boost::filesystem::path& file, const std::string& description, bool half) const {
        const auto tensors = network_->tensors();
        GenericHead head = head_;
        head.calibration_slope = 1;
        head.calibration_intercept = 0;
        std::fill(head.mean_weights.begin(), head.mean_weights.end(), 0.F);
        std::fill(head.spread_weights.begin(), head.spread_weights.end(), 0.F);
        const auto& weights = tensors.at("head.0.weight").values;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            head.mean_weights[places_[i]] = weights[i];
            head.spread_weights[places_[i]] = weights[places_.size() + i];
        }
        head.mean_bias = tensors.at("head.0.bias").values[0];
        head.spread_bias = tensors.at("head.0.bias").values[1];
        head.held_out.clear();
        for (const auto* samples : {&learned_, &held_out_})
            for (const ScoreDistribution& one : predict(*samples)) head.held_out.push_back(one.mean());
        write_generic_model(file, model_, head, description, half ? Precision::float16 : Precision::float32,
                            tensors);
    }

private:
    std::size_t seen_views(const Sample& sample) const {
        return model_.impl().preprocessing.mirror && sample.views.size() > 1 ? 2 : 1;
    }

    void build(std::size_t attributes) {
        const Model::Impl& data = model_.impl();
        const auto bytes = read_whole_file(data.info.file, max_tensor_file);
        backbone_hash_ = sha256(bytes);
        const TensorFile contents = parse_tensor_file(bytes, data.info.file.string());
        TrainableSpec spec = trainable_spec(data, options_.trained, options_.last_stages);
        spec.batch_statistics = options_.batch_statistics;
        spec.pooled_stages = data.stage_indices;
        spec.deviations = uses_deviations(data.stages, head_);
        HeadSpec ratings{.name = "head", .outputs = 2};
        Tensor weights{{2, static_cast<std::int64_t>(places_.size())}, {}};
        for (const std::size_t place : places_) {
            spec.feature_mean.push_back(head_.feature_mean[place]);
            spec.feature_scale.push_back(1 / head_.feature_deviation[place]);
            weights.values.push_back(static_cast<float>(head_.calibration_slope * head_.mean_weights[place]));
        }
        for (const std::size_t place : places_) weights.values.push_back(head_.spread_weights[place]);
        ratings.start["head.0.weight"] = std::move(weights);
        ratings.start["head.0.bias"] = {
            {2},
            {static_cast<float>(head_.calibration_slope * head_.mean_bias + head_.calibration_intercept),
             static_cast<float>(head_.spread_bias)}};
        spec.heads = {
            ratings,
            {.name = "attributes", .outputs = static_cast<int>(std::max<std::size_t>(1, attributes))},
            {.name = "categories", .outputs = std::max(1, categories_)}};
        spec.optimiser.kind = options_.sgd ? OptimiserSpec::Kind::sgd : OptimiserSpec::Kind::adam;
        spec.optimiser.first_decay = options_.momentum;
        spec.optimiser.weight_decay = options_.weight_decay;
        spec.seed = options_.seed;
        spec.threads = options_.threads;
        network_ = backend().make_trainable(spec, contents.tensors);
    }

    std::vector<LossTerm> losses_for(std::span<const std::size_t> batch) const {
        const ScoreDistribution& scale = learned_.front().targets.ratings;
        std::vector<LossTerm> losses{
            {.head = rating_head, .kind = Kind::normal_emd, .low = scale.low(), .high = scale.high()}};
        const auto add = [&](double weight, LossTerm term, const auto& row) {
            if (weight <= 0) return;
            term.weight = weight;
            for (const std::size_t i : batch) term.targets.push_back(row(learned_[i].targets));
            losses.push_back(std::move(term));
        };
        for (const std::size_t i : batch) losses[0].targets.push_back(row_of(learned_[i].targets.ratings));
        add(options_.rank_weight, {.head = rating_head, .kind = Kind::rank, .margin = options_.rank_margin},
            [](const TrainingTargets& t) {
                return std::vector<float>{static_cast<float>(t.ratings.mean())};
            });
        add(options_.attribute_weight, {.head = attribute_head},
            [](const TrainingTargets& t) { return t.attributes; });
        add(options_.category_weight, {.head = category_head, .kind = Kind::cross_entropy},
            [&](const TrainingTargets& t) {
                if (t.category < 0) return std::vector<float>();
                std::vector<float> row(static_cast<std::size_t>(categories_));
                row.at(static_cast<std::size_t>(t.category)) = 1;
                return row;
            });
        return losses;
    }

    /// One epoch; its draws depend on seed and epoch alone.
    double learn(int epoch, const std::function<bool()>& go_on) {
        std::mt19937_64 random(options_.seed * 7'919 + static_cast<std::uint64_t>(epoch));
        std::vector<std::size_t> order(learned_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        shuffle(order, random);
        const double decay = std::pow(options_.rate_decay, epoch - 1);
        network_->set_rates(options_.backbone_rate * decay, options_.head_rate * decay);
        const auto size = static_cast<std::size_t>(options_.batch);
        double sum = 0;
        int steps = 0;
        for (std::size_t first = 0; first < order.size(); first += size) {
            const auto batch = std::span(order).subspan(first, std::min(size, order.size() - first));
            PreparedPhotos photos;
            for (const std::size_t i : batch)
                photos.push_back(learned_[i].views[random() % learned_[i].views.size()]);
            sum += network_->step(photos, losses_for(batch));
            ++steps;
            if (go_on && !go_on()) throw Error(ErrorCode::cancelled, "training was interrupted");
        }
        return sum / steps;
    }

    void measure(EpochMetrics& metrics) const {
        metrics.held_out_srocc = std::numeric_limits<double>::quiet_NaN();
        metrics.held_out_emd = metrics.held_out_srocc;
        const auto predicted = predict(held_out_);
        if (predicted.size() < 2) return;
        std::vector<double> means;
        std::vector<double> given;
        double emd = 0;
        for (std::size_t i = 0; i < predicted.size(); ++i) {
            const ScoreDistribution& ratings = held_out_[i].targets.ratings;
            means.push_back(predicted[i].mean());
            given.push_back(ratings.mean());
            emd += earth_movers_distance(predicted[i], ratings, 2);
        }
        metrics.held_out_srocc = spearman(means, given);
        metrics.held_out_emd = emd / static_cast<double>(predicted.size());
    }

    /// What a resumed training must share with the one that was interrupted.
    std::string fingerprint() const {
        double ratings = 0;
        for (const Sample& sample : learned_) ratings = ratings * 0.999 + sample.targets.ratings.mean();
        return json{backbone_hash_,
                    model_.info().preprocessing,
                    learned_.size(),
                    held_out_.size(),
                    ratings,
                    static_cast<int>(options_.trained),
                    options_.last_stages,
                    options_.batch,
                    options_.backbone_rate,
                    options_.head_rate,
                    options_.rate_decay,
                    options_.sgd,
                    options_.momentum,
                    options_.weight_decay,
                    options_.batch_statistics,
                    options_.rank_weight,
                    options_.rank_margin,
                    options_.attribute_weight,
                    options_.category_weight,
                    options_.views,
                    options_.jitter,
                    options_.seed}
            .dump();
    }

    void write_checkpoint(const std::vector<EpochMetrics>& done) const {
        if (options_.checkpoint.empty()) return;
        json history = json::array();
        for (const EpochMetrics& epoch : done)
            history.push_back({epoch.loss, epoch.held_out_srocc, epoch.held_out_emd});
        write_tensor_file(
            options_.checkpoint,
            {{{"piaa.checkpoint", fingerprint()}, {"history", history.dump()}}, network_->state()},
            Precision::float32);
    }

    std::vector<EpochMetrics> read_checkpoint() {
        std::vector<EpochMetrics> done;
        if (options_.checkpoint.empty() || !boost::filesystem::exists(options_.checkpoint)) return done;
        const TensorFile contents = read_tensor_file(options_.checkpoint);
        const auto kept = contents.metadata.find("piaa.checkpoint");
        const auto history = contents.metadata.find("history");
        if (kept == contents.metadata.end() || history == contents.metadata.end() ||
            kept->second != fingerprint())
            throw Error(ErrorCode::bad_data, options_.checkpoint.string() +
                                                 ": checkpoint belongs to a training with other photos or "
                                                 "options; remove it or repeat them");
        const json epochs = json::parse(history->second, nullptr, false);
        if (!epochs.is_array())
            throw Error(ErrorCode::bad_data, options_.checkpoint.string() + ": history is not a list");
        const auto number = [](const json& value) {
            return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
        };
        for (const json& epoch : epochs)
            done.push_back({static_cast<int>(done.size()) + 1, number(epoch.at(0)), number(epoch.at(1)),
                            number(epoch.at(2))});
        network_->restore(contents.tensors);
        return done;
    }

    Model model_;
    GenericHead head_;
    NetworkTrainingOptions options_;
    int categories_ = 0;
    std::vector<std::size_t> places_;
    std::unique_ptr<TrainableNetwork> network_;
    std::string backbone_hash_;
    std::vector<Sample> learned_;
    std::vector<Sample> held_out_;
};

NetworkTraining::NetworkTraining(const Model& start, const GenericHead& head,
                                 const NetworkTrainingOptions& options, int categories)
    : impl_(std::make_unique<Impl>(start, head, options, categories)) {}
NetworkTraining::~NetworkTraining() = default;
NetworkTraining::NetworkTraining(NetworkTraining&&) noexcept = default;
NetworkTraining& NetworkTraining::operator=(NetworkTraining&&) noexcept = default;

void NetworkTraining::add(const Image& photo, const TrainingTargets& targets, bool held_out) {
    impl_->add(photo, targets, held_out);
}

std::vector<EpochMetrics> NetworkTraining::run(const EpochReport& report,
                                               const std::function<bool()>& go_on) {
    return impl_->run(report, go_on);
}

std::vector<ScoreDistribution> NetworkTraining::predict_held_out() const {
    return impl_->predict_held_out();
}

void NetworkTraining::save(const boost::filesystem::path& file, const std::string& description,
                           bool half) const {
    impl_->save(file, description, half);
}

}  // namespace piaa
