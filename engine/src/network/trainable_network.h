#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <piaa/image.h>

#include "io/tensor_file.h"
#include "network/architecture.h"

namespace piaa {

/// A small network on top of the backbone. Its tensors are called "NAME.0.weight", "NAME.0.bias"... for
/// the linear layers, "NAME.0.norm.*" and "NAME.0.slope" for what follows a hidden one.
struct HeadSpec {
    enum class Input {
        pooled,  ///< channel means (and deviations) of the pooled stages, standardised
        logits,  ///< the outputs of the backbone's own classifier, "backbone.classifier.*"
    };
    enum class Output { plain, softmax, tanh, sigmoid };

    std::string name = "head";
    Input input = Input::pooled;
    Output output = Output::plain;
    int outputs = 1;
    std::vector<int> hidden = {};  ///< widths of hidden layers: linear, normalisation, PReLU, dropout
    bool batch_norm = false;       ///< hidden layers use batch normalisation; layer normalisation otherwise
    double dropout = 0;            ///< share of hidden values dropped while training
    /// Tensors to start from; those not named are drawn as PyTorch draws them, with the seed.
    std::map<std::string, Tensor> start = {};
};

/// How weights move. `pytorch` is torch.optim's form of either; see AdamOptions for the lecture's.
struct OptimiserSpec {
    enum class Kind { adam, sgd };
    Kind kind = Kind::adam;
    double backbone_rate = 1e-4;
    double head_rate = 1e-3;
    double first_decay = 0.9;  ///< of Adam's mean; the momentum of SGD
    double second_decay = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;       ///< added to the gradient, as torch.optim.Adam and SGD do
    bool decoupled_decay = false;  ///< taken off the weights instead, as torch.optim.AdamW does
    bool bias_correction = true;
};

/// What make_trainable() builds.
struct TrainableSpec {
    Architecture architecture;
    std::array<float, 3> mean{};  ///< input = (pixel - mean) / deviation
    std::array<float, 3> deviation{};
    std::string device = "auto";
    /// Stages from this one on learn (0: the whole network); the number of stages: heads alone. Everything
    /// before is run once per photo and kept.
    int first_trained_stage = 0;
    /// Batch normalisation by the statistics of the photos of a step, which also move the stored ones, as
    /// networks are trained from nothing; otherwise the stored statistics stay and only scale and shift
    /// learn. With batch statistics all photos of a step must have one size.
    bool batch_statistics = false;
    /// Batch normalisation is worked into the convolutions first, so that tensors() has biases in its place.
    bool fold_normalisation = false;
    /// Depthwise convolutions with wider kernels stay as they are, with their biases: their gradient costs
    /// more than that of all others. 0: all learn.
    int widest_depthwise = 0;
    /// Convolutions in bfloat16, channels last; weights and sums of gradients stay in 32 bits. Fast where a
    /// processor has AVX-512 BF16 or AMX.
    bool bfloat16 = false;
    std::vector<int> pooled_stages;   ///< for heads on Input::pooled, ascending
    bool deviations = false;          ///< after each stage's means its channel deviations
    std::vector<float> feature_mean;  ///< standardised = (pooled - mean) * scale; both empty: as they are
    std::vector<float> feature_scale;
    std::vector<HeadSpec> heads;
    OptimiserSpec optimiser;
    std::uint64_t seed = 1;
    int threads = 1;  ///< photos of a step are shared among them; results do not depend on it
};

/// One thing that a step should make smaller.
struct LossTerm {
    enum class Kind {
        mse,               ///< mean square of output - target
        distribution_mse,  ///< the same over bins, summed over them: the lecture's loss of PA_IAA
        emd,               ///< squared earth mover's distance of probabilities, mean over bins (NIMA)
        normal_emd,        ///< the same for a truncated normal with mean = output 0 and width =
                           ///< softplus(output 1) on the scale low to high
        rank,              ///< mean of max(0, margin - sign * (output difference)) over pairs whose
                           ///< targets differ (Kong et al. 2016); several outputs: their expectation
        cross_entropy,     ///< cross entropy of the softmax of the outputs; target: a share a category
    };
    std::size_t head = 0;
    Kind kind = Kind::mse;
    double weight = 1;
    double margin = 0.1;  ///< of rank, in units of the output
    double low = 1;       ///< of normal_emd
    double high = 7;
    /// A row per photo of the step; a photo with an empty row does not count in this term.
    std::vector<std::vector<float>> targets = {};
};

/// A photo as far as nothing that learns is involved: pixels, stage maps or pooled numbers.
class PreparedPhoto {
public:
    virtual ~PreparedPhoto() = default;
};
using PreparedPhotos = std::vector<std::shared_ptr<const PreparedPhoto>>;

/// A query loss after learning from support, and its gradient in the weights of the heads from before.
struct MetaGradient {
    double loss = 0;
    std::map<std::string, Tensor> gradient;
};

/// A network that learns: the backbone's later stages and any heads. Plain values in and out, so that loops
/// over epochs, people and tasks are written without LibTorch. Not for several threads at once, but for
/// prepare().
///
/// To train two tasks on one backbone, give it two heads and let steps alternate between batches whose loss
/// terms name the one or the other head: weights that a step's losses do not reach stay as they are.
class TrainableNetwork {
public:
    virtual ~TrainableNetwork() = default;

    /// `input`: a photo at the network's input size, augmented or not.
    virtual std::shared_ptr<const PreparedPhoto> prepare(const Image& input) const = 0;

    /// One step of the optimiser; returns the loss before it. Throws Error(bad_data) when it is not finite.
    virtual double step(const PreparedPhotos& photos, std::span<const LossTerm> losses) = 0;
    /// The loss without learning, dropout or batch statistics.
    virtual double loss(const PreparedPhotos& photos, std::span<const LossTerm> losses) const = 0;
    /// The outputs of one head, a row per photo, without dropout or batch statistics.
    virtual std::vector<std::vector<float>> predict(const PreparedPhotos& photos, std::size_t head) const = 0;
    /// The same in training mode, by the statistics of these photos, as the authors of BLG-PIAA test.
    virtual std::vector<std::vector<float>> predict_in_training(const PreparedPhotos& photos,
                                                                std::size_t head) = 0;

    /// How the loss on query after `steps` of Adam on support, in the heads alone, depends on the heads'
    /// weights from before: through the steps (second order) or as if they were constant (first order).
    virtual MetaGradient meta_gradient(const PreparedPhotos& support,
                                       std::span<const LossTerm> support_losses, const PreparedPhotos& query,
                                       std::span<const LossTerm> query_losses, int steps,
                                       bool second_order) const = 0;

    /// Everything that learns, by name, and with batch statistics the stored ones.
    virtual std::map<std::string, Tensor> weights() const = 0;
    /// Replaces weights by those of the same name. Throws Error(bad_model) for another shape.
    virtual void set_weights(const std::map<std::string, Tensor>& weights) = 0;
    /// One step along given gradients, e.g. those of meta_gradient().
    virtual void apply_gradients(const std::map<std::string, Tensor>& gradients) = 0;

    virtual void set_rates(double backbone, double head) = 0;
    /// Forgets moments and the number of steps.
    virtual void reset_optimiser() = 0;
    /// Weights, moments and steps, to go on later exactly as if there had been no break.
    virtual std::map<std::string, Tensor> state() const = 0;
    virtual void restore(const std::map<std::string, Tensor>& state) = 0;

    /// The whole network for a model file: "backbone..." and the heads' tensors.
    virtual std::map<std::string, Tensor> tensors() const = 0;
};

}  // namespace piaa
