#include "training/train_streams.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <piaa/error.h>
#include <piaa/shuffle.h>

#include "math/indexing.h"
#include "training/dense_training.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXf;

constexpr auto traits = static_cast<Index>(trait_count);

/// Batches in a new order every round; starts again when all were seen.
class Batches {
public:
    Batches(const Stream& stream, int size, std::mt19937_64& random)
        : stream_(stream),
          size_(static_cast<std::size_t>(size)),
          random_(random),
          order_(static_cast<std::size_t>(stream.inputs.rows())) {
        std::iota(order_.begin(), order_.end(), Index{0});
        next_ = order_.size();
    }
    std::size_t per_round() const { return std::max<std::size_t>(1, order_.size() / size_); }
    Stream next() {
        const std::size_t count = std::min(size_, order_.size());
        if (next_ + count > order_.size()) {
            shuffle(order_, random_);
            next_ = 0;
        }
        const std::vector<Index> chosen(order_.begin() + static_cast<std::ptrdiff_t>(next_),
                                        order_.begin() + static_cast<std::ptrdiff_t>(next_ + count));
        next_ += count;
        return {stream_.inputs(chosen, indexing::all), stream_.targets(chosen, indexing::all)};
    }

private:
    const Stream& stream_;
    std::size_t size_;
    std::mt19937_64& random_;
    std::vector<Index> order_;
    std::size_t next_ = 0;
};

/// Gradient at the logits of the lecture's loss: the squared error over bins, its mean over bins and photos.
MatrixXf distribution_gradient(const MatrixXf& logits, const MatrixXf& given) {
    MatrixXf p = (logits.colwise() - logits.rowwise().maxCoeff().eval()).array().exp();
    p = p.array().colwise() / p.rowwise().sum().eval().array();
    const MatrixXf error = (p - given) * (2.0F / static_cast<float>(p.size()));
    const Eigen::VectorXf along = error.cwiseProduct(p).rowwise().sum();
    return p.cwiseProduct(error.colwise() - along);
}

/// Gradient before tanh of the mean squared error over the traits that are known.
MatrixXf trait_gradient(const MatrixXf& values, const MatrixXf& given) {
    const MatrixXf axes = values.array().tanh();
    const auto known = given.array().isFinite();
    const auto count = static_cast<float>(std::max<Index>(1, known.count()));
    const MatrixXf error = known.select(axes - given, MatrixXf::Zero(given.rows(), given.cols()));
    return (error.array() * (1 - axes.array().square()) * (2.0F / count)).matrix();
}

/// The layers of both streams while they learn.
struct StreamLayers {
    TrainableLayers shared;
    TrainableLayers aesthetic;
    TrainableLayers personality;

    StreamLayers(const Stream& aesthetics, const TrainPaOptions& options, std::mt19937_64& random) {
        Index deep = aesthetics.inputs.cols();
        if (!options.as_published) {
            shared.add({deep, options.hidden, false, true, 0}, random);
            deep = options.hidden;
        }
        const auto add_head = [&](TrainableLayers& head, Index outputs) {
            Index width = deep;
            if (options.as_published)
                for (const Index next : {Index{2048}, Index{1024}}) {
                    head.add({width, next, true, true, 0.5}, random);
                    width = next;
                }
            head.add({width, outputs, options.as_published && outputs == traits, false, 0}, random);
        };
        add_head(aesthetic, aesthetics.targets.cols());
        add_head(personality, traits);
    }

    StyleNetwork folded() {
        StyleNetwork network;
        network.shared = shared.folded();
        network.aesthetic = aesthetic.folded();
        network.personality = personality.folded();
        return network;
    }
};

}  // namespace

StyleNetwork train_streams(const Stream& aesthetics, const Stream& personality,
                           const TrainPaOptions& options) {
    std::mt19937_64 random(options.seed);
    StreamLayers layers(aesthetics, options, random);
    const DescentOptions descent{options.as_published, options.momentum, options.weight_decay};
    const int epochs = options.as_published ? 20 : options.epochs;
    double learning_rate = options.as_published ? 1e-3 : options.learning_rate;
    double slow_rate = options.as_published           ? 1e-5
                       : options.personality_rate > 0 ? options.personality_rate
                                                      : options.learning_rate;
    const auto personality_weight = static_cast<float>(slow_rate / learning_rate);
    Batches judged(aesthetics, options.batch, random);
    Batches liked(personality, options.batch, random);
    for (int epoch = 0; epoch < epochs; ++epoch) {
        if (options.progress && !options.progress(static_cast<double>(epoch) / epochs))
            throw Error(ErrorCode::cancelled, "training was cancelled");
        for (std::size_t step = 0; step < judged.per_round(); ++step) {
            const Stream one = judged.next();
            const MatrixXf logits =
                layers.aesthetic.forward(layers.shared.forward(one.inputs, random), random);
            layers.shared.backward(layers.aesthetic.backward(distribution_gradient(logits, one.targets)));
            layers.aesthetic.optimizer_step(learning_rate, descent);
            layers.shared.optimizer_step(learning_rate, descent);
            if (!options.personality) continue;
            const Stream other = liked.next();
            const MatrixXf values =
                layers.personality.forward(layers.shared.forward(other.inputs, random), random);
            const MatrixXf gradient = layers.personality.backward(trait_gradient(values, other.targets));
            layers.personality.optimizer_step(slow_rate, descent);
            // Both tasks share the layer's momentum, so its rate is one and the gradient is what is weighed.
            layers.shared.backward(gradient * personality_weight);
            layers.shared.optimizer_step(learning_rate, descent);
        }
        // The authors' code multiplies the current rate by a power of the epoch, so it falls ever faster.
        const double factor = options.as_published ? std::pow(0.5, epoch + 1) : options.decay;
        learning_rate *= factor;
        slow_rate *= factor;
    }
    return layers.folded();
}

}  // namespace piaa
