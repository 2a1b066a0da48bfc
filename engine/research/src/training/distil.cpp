#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/research/distil.h>
#include <piaa/shuffle.h>

#include "io/tensor_file.h"
#include "math/ridge.h"
#include "model/model_impl.h"
#include "model/network_input.h"
#include "network/backend.h"
#include "network/trainable_network.h"
#include "photo/mirror.h"
#include "training/distil_targets.h"
#include "training/distil_views.h"
#include "training/trainable_spec.h"

namespace piaa {
namespace {

constexpr std::size_t start_views = 1500;  // the linear layer's start is a closed form on so many
constexpr double start_penalty = 0.5;      // of it, in units of the kernel's mean eigenvalue
constexpr int widest_depthwise = 3;        // the gradient of wider kernels costs more than all the rest
constexpr double weight_decay = 0.01;
constexpr int averaged_every = 5;       // steps
constexpr double averaged_share = 0.1;  // of all steps: how far back the average of the weights reaches
constexpr int reported_every = 20;

struct View {
    std::uint64_t number;
    Image input;
    std::vector<float> target;
};

Eigen::MatrixXd matrix(const std::vector<std::vector<float>>& rows) {
    Eigen::MatrixXd result(static_cast<Eigen::Index>(rows.size()),
                           static_cast<Eigen::Index>(rows.front().size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < rows[i].size(); ++j)
            result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j];
    return result;
}

Tensor tensor(const Eigen::MatrixXd& values) {
    Tensor result{{values.rows(), values.cols()}, {}};
    for (Eigen::Index i = 0; i < values.rows(); ++i)
        for (Eigen::Index j = 0; j < values.cols(); ++j)
            result.values.push_back(static_cast<float>(values(i, j)));
    return result;
}

}  // namespace

class Distillation::Impl {
public:
    Impl(const Model& teacher, const std::optional<Prior>& prior, const Model& student,
         const DistilOptions& options)
        : teacher_(teacher, prior, options.directions),
          teacher_name_(teacher.info().name),
          student_(student),
          options_(options),
          spec_(trainable_spec(student.impl(), Trained::all, 1)) {
        if (options.epochs < 1 || options.batch < 2 || options.warm_up < 0)
            throw Error(ErrorCode::bad_argument, "distillation needs an epoch and two views a step");
    }

    void add(const Image& photo, std::uint64_t number, bool held_out) {
        const Image drawn = distil_view(photo, number, options_.seed);
        View view{number, network_input(student_, drawn, drawn.size()), teacher_(drawn)};
        const std::lock_guard lock(views_);
        (held_out ? held_out_ : learned_).push_back(std::move(view));
    }

    bool learn(const std::function<bool(const DistilProgress&)>& go_on) {
        if (learned_.size() < 2 * static_cast<std::size_t>(options_.batch))
            throw Error(ErrorCode::bad_data, std::to_string(learned_.size()) +
                                                 " views to learn from; there should be " +
                                                 std::to_string(2 * options_.batch) + " or more");
        for (auto* views : {&learned_, &held_out_})
            std::sort(views->begin(), views->end(),
                      [](const View& a, const View& b) { return a.number < b.number; });
        start();
        DistilProgress progress;
        progress.steps = static_cast<int>(batches(0).size()) * options_.epochs;
        double sum = 0;
        int count = 0;
        for (int epoch = 0; epoch < options_.epochs; ++epoch) {
            const auto order = batches(epoch);
            for (std::size_t i = 0; i < order.size(); ++i) {
                network_->set_rates(rate(progress), rate(progress));
                sum += network_->step(prepared(learned_, order[i], epoch), loss_of(learned_, order[i]));
                ++count;
                if (++progress.step % averaged_every == 0) average(progress);
                const bool ends = i + 1 == order.size();
                if (!ends && progress.step % reported_every != 0) continue;
                progress.loss = std::exchange(sum, 0) / std::exchange(count, 0);
                progress.held_out = ends ? held_out_loss() : 0;
                if (!go_on(progress)) return false;
            }
        }
        if (!averaged_.empty()) network_->set_weights(averaged_);
        return true;
    }

    void save(const boost::filesystem::path& file) const {
        if (!network_) throw Error(ErrorCode::bad_argument, "nothing was learned yet that could be saved");
        const Model::Impl& data = student_.impl();
        TensorFile contents;
        contents.tensors = network_->tensors();
        std::erase_if(contents.tensors, [](const auto& one) {
            return !one.first.starts_with("backbone.") || one.first.starts_with("backbone.classifier.");
        });
        const auto before = read_tensor_file(data.info.file).metadata;
        const auto source = before.find("source");
        contents.metadata = {
            {"piaa.backbone", "1"},
            {"architecture", data.info.architecture},
            {"mean", nlohmann::json(data.preprocessing.mean).dump()},
            {"std", nlohmann::json(data.preprocessing.deviation).dump()},
            {"source", (source == before.end() ? "" : source->second + "; ") + "taught by " + teacher_name_}};
        write_tensor_file(file, contents, Precision::float16);
    }

private:
    /// The network, with the linear layer that predicts best before it learns.
    void start() {
        const std::size_t count = std::min(start_views, learned_.size());
        std::vector<std::vector<float>> said;
        std::vector<std::vector<float>> seen;
        for (std::size_t i = 0; i < count; ++i) {
            const View& view = learned_[i * learned_.size() / count];
            said.push_back(view.target);
            seen.push_back(channel_means(student_, view.input));
        }
        const std::vector<float> factors = teacher_.factors(said);
        for (auto* views : {&learned_, &held_out_})
            for (View& view : *views) scale(view.target, factors);
        for (auto& row : said) scale(row, factors);
        const Eigen::MatrixXd features = matrix(seen);
        const Eigen::MatrixXd targets = matrix(said);
        const Standardiser standardiser(features);
        const LinearRule rule =
            fit_ridge(standardiser(features), targets, Eigen::VectorXd::Ones(features.rows()),
                      std::vector<double>(factors.size(), start_penalty));
        const TensorFile contents = read_tensor_file(student_.impl().info.file);
        spec_.pooled_stages = student_.impl().stage_indices;
        for (Eigen::Index i = 0; i < features.cols(); ++i) {
            spec_.feature_mean.push_back(static_cast<float>(standardiser.mean(i)));
            spec_.feature_scale.push_back(static_cast<float>(standardiser.scale(i)));
        }
        Tensor bias = tensor(rule.intercept);
        bias.shape = {static_cast<std::int64_t>(factors.size())};
        spec_.heads = {
            {.name = "head",
             .outputs = static_cast<int>(factors.size()),
             .start = {{"head.0.weight", tensor(rule.weights.transpose())}, {"head.0.bias", bias}}}};
        spec_.fold_normalisation = true;
        spec_.widest_depthwise = widest_depthwise;
        spec_.bfloat16 = options_.bfloat16;
        spec_.optimiser.weight_decay = weight_decay;
        spec_.optimiser.decoupled_decay = true;
        spec_.seed = options_.seed;
        spec_.threads = options_.threads;
        network_ = backend().make_trainable(spec_, contents.tensors);
    }

    static void scale(std::vector<float>& row, const std::vector<float>& factors) {
        for (std::size_t i = 0; i < row.size(); ++i) row[i] *= factors[i];
    }

    /// Places among the views to learn from; those of a batch have one size.
    std::vector<std::vector<std::size_t>> batches(int epoch) const {
        std::map<std::pair<int, int>, std::vector<std::size_t>> by_size;
        for (std::size_t i = 0; i < learned_.size(); ++i)
            by_size[{learned_[i].input.width(), learned_[i].input.height()}].push_back(i);
        std::mt19937_64 random(options_.seed * 1'000'003 + static_cast<std::uint64_t>(epoch));
        std::vector<std::vector<std::size_t>> result;
        for (auto& [size, places] : by_size) {
            shuffle(places, random);
            for (std::size_t i = 0; i < places.size(); ++i) {
                if (i % static_cast<std::size_t>(options_.batch) == 0) result.emplace_back();
                result.back().push_back(places[i]);
            }
        }
        shuffle(result, random);
        return result;
    }

    /// In every second epoch as mirror images, of which the teacher says about the same.
    PreparedPhotos prepared(const std::vector<View>& views, const std::vector<std::size_t>& batch,
                            int epoch) const {
        PreparedPhotos photos;
        for (const std::size_t i : batch)
            photos.push_back(network_->prepare(epoch % 2 == 0 ? views[i].input : mirrored(views[i].input)));
        return photos;
    }

    static std::vector<LossTerm> loss_of(const std::vector<View>& views,
                                         const std::vector<std::size_t>& batch) {
        LossTerm term{.kind = LossTerm::Kind::mse};
        for (const std::size_t i : batch) term.targets.push_back(views[i].target);
        return {std::move(term)};
    }

    double held_out_loss() const {
        double sum = 0;
        for (std::size_t i = 0; i < held_out_.size(); ++i)
            sum += network_->loss(prepared(held_out_, {i}, 0), loss_of(held_out_, {i}));
        return held_out_.empty() ? 0 : sum / static_cast<double>(held_out_.size());
    }

    double rate(const DistilProgress& progress) const {
        if (progress.step < options_.warm_up) return options_.rate * (progress.step + 1) / options_.warm_up;
        const double done = static_cast<double>(progress.step - options_.warm_up) /
                            std::max(1, progress.steps - options_.warm_up);
        return options_.rate * (1 + std::cos(std::numbers::pi * done)) / 2;
    }

    void average(const DistilProgress& progress) {
        auto weights = network_->weights();
        const double share = std::min(1.0, averaged_every / (averaged_share * progress.steps));
        if (averaged_.empty()) {
            averaged_ = std::move(weights);
            return;
        }
        for (auto& [name, mean] : averaged_) {
            const auto& now = weights.at(name).values;
            for (std::size_t i = 0; i < now.size(); ++i)
                mean.values[i] += static_cast<float>(share) * (now[i] - mean.values[i]);
        }
    }

    DistilTeacher teacher_;
    std::string teacher_name_;
    Model student_;
    DistilOptions options_;
    TrainableSpec spec_;
    std::mutex views_;
    std::vector<View> learned_, held_out_;
    std::unique_ptr<TrainableNetwork> network_;
    std::map<std::string, Tensor> averaged_;
};

Distillation::Distillation(const Model& teacher, const std::optional<Prior>& prior, const Model& student,
                           const DistilOptions& options)
    : impl_(new Impl(teacher, prior, student, options)) {}

Distillation::~Distillation() = default;

void Distillation::add(const Image& photo, std::uint64_t number, bool held_out) {
    impl_->add(photo, number, held_out);
}

bool Distillation::learn(const std::function<bool(const DistilProgress&)>& go_on) {
    return impl_->learn(go_on);
}

void Distillation::save(const boost::filesystem::path& file) const {
    impl_->save(file);
}

}  // namespace piaa
