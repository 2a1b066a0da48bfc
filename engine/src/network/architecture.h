#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <piaa/export.h>

#include "io/tensor_file.h"

namespace piaa {

enum class Activation { none, relu, relu6 };

/// How a convolution treats the border. `same`: TensorFlow's rule, the output has ceil(size / stride) places
/// and the odd pixel of padding lies right and below. `symmetric`: half a kernel on each side. `valid`: none.
enum class Padding { same, symmetric, valid };

/// A convolution with its batch normalisation and activation. Tensors: NAME.weight [out, in/groups, k, k] and
/// either NAME.bias [out] or NAME.norm.weight, .bias, .mean and .variance [out].
struct Convolution {
    std::string name;
    int in = 0;
    int out = 0;
    int kernel = 1;
    int stride = 1;
    int groups = 1;
    Activation activation = Activation::none;
    Padding padding = Padding::same;
};

/// Convolutions one after the other; then, if asked for, the block's own input is added.
struct Block {
    std::vector<Convolution> convolutions;
    bool residual = false;
    std::optional<Convolution> shortcut;       ///< what the input passes before it is added
    Activation activation = Activation::none;  ///< after the sum
    bool max_pool = false;                     ///< 3x3 maximum, stride 2, after everything else
    bool ends_stage = false;                   ///< its output is one of the network's stage maps
};

/// What a stage map has: how many channels, how many input pixels a place stands for along each side, and
/// what of it Features::pooled holds.
struct Stage {
    int channels = 0;
    int stride = 1;          ///< 0 for a map of one place that is the photo as a whole: a class token
    bool deviations = true;  ///< pooled: each channel's deviation after each channel's mean

    bool is_whole() const { return stride == 0; }
    std::size_t pooled_size() const { return static_cast<std::size_t>(channels) * (deviations ? 2 : 1); }
};

/// A vision transformer (Dosovitskiy et al., "An image is worth 16x16 words", 2021) as CLIP has it (Radford
/// et al. 2021): LayerNorm before the first block, quick-GELU. Its stages are the patches' tokens after each
/// block, as a map, and after these the class token after each block, as a map of one place; the last of them
/// has passed the last LayerNorm. Its parameters lie in a weights file of their own (transformer_weights.h).
struct Transformer {
    int patch = 16;
    int width = 768;
    int hidden = 3072;
    int heads = 12;
    int blocks = 12;
};

/// A network as plain data: both the exact and the fast way of running it, and its training, read this.
struct Architecture {
    std::string name;
    std::vector<Block> blocks;
    int classes = 0;                              ///< outputs of the optional tensors backbone.classifier.*
    double norm_epsilon = 1e-3;                   ///< of the normalisation
    std::optional<Transformer> transformer = {};  ///< in place of the blocks
    std::vector<int> usual_stages = {};  ///< what is pooled unless asked otherwise; empty: coarse ones

    PIAA_API std::vector<Stage> stages() const;
    PIAA_API std::vector<Convolution> convolutions() const;  ///< all of them, shortcuts included
};

/// "efficientnet-lite0", "...1", "...2" (Tan and Le, "EfficientNet", 2019; the Lite variants: ReLU6, no
/// squeeze and excitation, stem and head not scaled), "resnet18" (He et al. 2016), "clip-vit-b16", and for
/// tests "tiny", whose one stage is the brightness of each block of 8x8 pixels, and "tiny-transformer".
/// Throws Error(bad_model) for another name.
PIAA_API Architecture find_architecture(const std::string& name);

/// For a network of convolutions: throws Error(bad_model) unless the tensors hold every parameter of the
/// architecture in the right shape.
PIAA_API void check_parameters(const Architecture& architecture, const std::map<std::string, Tensor>& tensors,
                               const std::string& file);

}  // namespace piaa
