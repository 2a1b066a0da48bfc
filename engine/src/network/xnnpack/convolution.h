#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/tensor_file.h"
#include "network/architecture.h"

struct xnn_operator;

namespace piaa {

/// Numbers at places, channels last, with the spare bytes behind them that XNNPACK may read. Keeps its memory
/// when it is shaped anew.
class Map {
public:
    void shape(int height, int width, int channels);

    int height() const { return height_; }
    int width() const { return width_; }
    int channels() const { return channels_; }
    std::size_t size() const { return static_cast<std::size_t>(height_) * width_ * channels_; }
    float* data() { return values_.data(); }
    const float* data() const { return values_.data(); }

private:
    int height_ = 0, width_ = 0, channels_ = 0;
    std::vector<float> values_;
};

/// A convolution with its batch normalisation worked into the weights, which are in the order XNNPACK wants.
struct FoldedConvolution {
    /// parameters: see Convolution.
    FoldedConvolution(const Convolution& convolution, double norm_epsilon,
                      const std::map<std::string, Tensor>& parameters);

    Convolution description;
    std::vector<float> weight;  ///< [out, kernel, kernel, in / groups]
    std::vector<float> bias;    ///< [out]
};

/// XNNPACK's operator for it. Holds scratch state: one thread at a time.
class PackedConvolution {
public:
    /// Throws Error(device) when XNNPACK refuses, as the call does.
    explicit PackedConvolution(const FoldedConvolution& folded);

    void operator()(const Map& input, Map& output);

private:
    struct Delete {
        void operator()(xnn_operator* packed) const;
    };
    Convolution description_;
    std::unique_ptr<xnn_operator, Delete> packed_;
    std::vector<char> workspace_;
};

}  // namespace piaa
