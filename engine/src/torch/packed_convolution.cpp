#include "packed_convolution.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/CPUAllocator.h>

namespace piaa {
namespace {

c10::IValue call(const char* operation, torch::jit::Stack stack) {
    const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(operation, "");
    handle.callBoxed(&stack);
    return stack.front();
}

/// The map with zeros around it.
at::Tensor padded(const at::Tensor& map, Margin rows, Margin columns) {
    const std::int64_t channels = map.size(1);
    const std::int64_t height = map.size(2);
    const std::int64_t width = map.size(3);
    const std::int64_t new_width = width + columns.before + columns.after;
    at::Tensor result = empty_map(channels, height + rows.before + rows.after, new_width);
    const at::Tensor packed = map.contiguous(at::MemoryFormat::ChannelsLast);
    const float* source = packed.data_ptr<float>();
    float* target = result.data_ptr<float>();
    const auto zeros = [&](std::int64_t places) {
        std::fill_n(target, places * channels, 0.0F);
        target += places * channels;
    };
    zeros(rows.before * new_width);
    for (std::int64_t y = 0; y < height; ++y) {
        zeros(columns.before);
        target = std::copy_n(source, width * channels, target);
        source += width * channels;
        zeros(columns.after);
    }
    zeros(rows.after * new_width);
    return result;
}

/// A limit of the fused clamp; none is "no limit".
c10::IValue limit(bool given, double value) {
    return given ? c10::IValue(value) : c10::IValue();
}

}  // namespace

at::Tensor empty_map(std::int64_t channels, std::int64_t height, std::int64_t width) {
    const std::int64_t bytes = channels * height * width * static_cast<std::int64_t>(sizeof(float));
    at::Storage storage(at::Storage::use_byte_size_t(), bytes, c10::GetDefaultMobileCPUAllocator(), true);
    at::Tensor map = at::empty({0}, at::kFloat);
    return map.set_(storage, 0, {1, channels, height, width},
                    {channels * height * width, 1, channels * width, channels});
}

bool can_prepack() {
    static const bool works = [] {
        if (!at::globalContext().isXNNPACKAvailable()) return false;
        try {
            using Pair = std::vector<std::int64_t>;
            call("prepacked::conv2d_clamp_prepack",
                 {at::zeros({1, 1, 1, 1}), at::zeros({1}), Pair(2, 1), Pair(2, 0), Pair(2, 1), std::int64_t{1},
                  c10::IValue(), c10::IValue()});
            return true;
        } catch (const c10::Error&) {
            return false;
        }
    }();
    return works;
}

PackedConvolution::PackedConvolution(const Convolution& description, const Parameters& folded)
    : description_(description) {
    const auto& c = description_;
    const bool none = padded_by_hand() || c.padding == Padding::valid;
    using Pair = std::vector<std::int64_t>;
    packed_ = call("prepacked::conv2d_clamp_prepack",
                   {folded.at(c.name + ".weight"), folded.at(c.name + ".bias"), Pair(2, c.stride),
                    Pair(2, none ? 0 : c.kernel / 2), Pair(2, 1), std::int64_t{c.groups},
                    limit(c.activation != Activation::none, 0), limit(c.activation == Activation::relu6, 6)});
}

/// With a stride the rule of Padding::same depends on the size and is lopsided, which XNNPACK does not offer
/// here.
bool PackedConvolution::padded_by_hand() const {
    return description_.padding == Padding::same && description_.stride > 1;
}

at::Tensor PackedConvolution::operator()(at::Tensor x) const {
    if (padded_by_hand())
        x = padded(x, same_margin(x.size(2), description_), same_margin(x.size(3), description_));
    return call("prepacked::conv2d_clamp_run", {std::move(x), packed_}).toTensor();
}

}  // namespace piaa
