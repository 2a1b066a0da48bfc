#include "network/xnnpack/convolution.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include <xnnpack.h>

#include <piaa/error.h>

namespace piaa {
namespace {

void need(xnn_status status, const Convolution& convolution) {
    if (status != xnn_status_success)
        throw Error(ErrorCode::device, "XNNPACK refuses " + convolution.name + " with status " +
                                           std::to_string(static_cast<int>(status)));
}

/// How many places a side has after the convolution.
int places_after(int places, const Convolution& c) {
    if (c.padding == Padding::same) return (places + c.stride - 1) / c.stride;
    const int padding = c.padding == Padding::symmetric ? c.kernel / 2 : 0;
    return (places + 2 * padding - c.kernel) / c.stride + 1;
}

}  // namespace

void Map::shape(int height, int width, int channels) {
    height_ = height;
    width_ = width;
    channels_ = channels;
    const std::size_t needed = size() + XNN_EXTRA_BYTES / sizeof(float);
    if (values_.size() < needed) values_.resize(needed);
}

FoldedConvolution::FoldedConvolution(const Convolution& convolution, double norm_epsilon,
                                     const std::map<std::string, Tensor>& parameters)
    : description(convolution) {
    const auto& c = description;
    const auto values = [&](const std::string& what) -> const std::vector<float>& {
        return parameters.at(c.name + what).values;
    };
    const auto places = static_cast<std::size_t>(c.kernel) * c.kernel;
    const auto inputs = static_cast<std::size_t>(c.in) / c.groups;
    const bool normalised = parameters.contains(c.name + ".norm.weight");
    weight.resize(c.out * places * inputs);
    bias = normalised ? std::vector<float>(c.out) : values(".bias");
    for (std::size_t out = 0; out < static_cast<std::size_t>(c.out); ++out) {
        double scale = 1;
        if (normalised) {
            scale = values(".norm.weight")[out] / std::sqrt(values(".norm.variance")[out] + norm_epsilon);
            bias[out] = static_cast<float>(values(".norm.bias")[out] - scale * values(".norm.mean")[out]);
        }
        const float* from = values(".weight").data() + out * inputs * places;
        float* to = weight.data() + out * inputs * places;
        for (std::size_t in = 0; in < inputs; ++in)
            for (std::size_t place = 0; place < places; ++place)
                to[place * inputs + in] = static_cast<float>(scale * from[in * places + place]);
    }
}

void PackedConvolution::Delete::operator()(xnn_operator* packed) const {
    xnn_delete_operator(packed);
}

PackedConvolution::PackedConvolution(const FoldedConvolution& folded) : description_(folded.description) {
    constexpr float unlimited = std::numeric_limits<float>::infinity();
    const auto& c = description_;
    const auto padding = static_cast<std::uint32_t>(c.padding == Padding::symmetric ? c.kernel / 2 : 0);
    const auto kernel = static_cast<std::uint32_t>(c.kernel), stride = static_cast<std::uint32_t>(c.stride);
    // A kernel of one place has nothing to pad, and is faster without being told to.
    const std::uint32_t flags =
        c.padding == Padding::same && c.kernel > 1 ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0;
    xnn_operator* packed = nullptr;
    need(xnn_create_convolution2d_nhwc_f32(
             padding, padding, padding, padding, kernel, kernel, stride, stride, 1, 1,
             static_cast<std::uint32_t>(c.groups), static_cast<std::size_t>(c.in / c.groups),
             static_cast<std::size_t>(c.out / c.groups), static_cast<std::size_t>(c.in),
             static_cast<std::size_t>(c.out), folded.weight.data(), folded.bias.data(),
             c.activation == Activation::none ? -unlimited : 0.0F,
             c.activation == Activation::relu6 ? 6.0F : unlimited, flags,
#ifdef PIAA_XNNPACK_RESHAPES
             nullptr, nullptr,
#endif
             &packed),
         c);
    packed_.reset(packed);
}

void PackedConvolution::operator()(const Map& input, Map& output) {
    const auto& c = description_;
    output.shape(places_after(input.height(), c), places_after(input.width(), c), c.out);
    const auto height = static_cast<std::size_t>(input.height()),
               width = static_cast<std::size_t>(input.width());
#ifdef PIAA_XNNPACK_RESHAPES
    std::size_t bytes = 0, alignment = 1;
    need(xnn_reshape_convolution2d_nhwc_f32(packed_.get(), 1, height, width, &bytes, &alignment, nullptr,
                                            nullptr, nullptr),
         c);
    if (bytes > 0 && workspace_.size() < bytes + alignment) workspace_.resize(bytes + alignment);
    void* workspace = workspace_.data();
    std::size_t room = workspace_.size();
    if (bytes > 0) std::align(alignment, bytes, workspace, room);
    need(xnn_setup_convolution2d_nhwc_f32(packed_.get(), workspace, input.data(), output.data()), c);
#else
    need(xnn_setup_convolution2d_nhwc_f32(packed_.get(), 1, height, width, input.data(), output.data(),
                                          nullptr),
         c);
#endif
    need(xnn_run_operator(packed_.get(), nullptr), c);
}

}  // namespace piaa
