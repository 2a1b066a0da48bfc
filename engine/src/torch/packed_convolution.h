#pragma once

#include <ATen/core/ivalue.h>

#include "architecture.h"
#include "forward.h"

namespace piaa {

/// An uninitialised map [1, channels, height, width] in channels-last order, with the spare bytes behind it
/// that XNNPACK may read: a tensor from the usual allocator would be copied before each convolution.
at::Tensor empty_map(std::int64_t channels, std::int64_t height, std::int64_t width);

/// Whether XNNPACK runs here: LibTorch may be built without it, or it may not know the processor (its probe reads
/// /proc, which a bare chroot lacks).
bool can_prepack();

/// A convolution with its activation, its weights in the order XNNPACK wants. Holds scratch state: one thread
/// at a time.
class PackedConvolution {
public:
    /// folded: parameters after fold_normalisation().
    PackedConvolution(const Convolution& description, const Parameters& folded);

    at::Tensor operator()(at::Tensor x) const;

private:
    bool padded_by_hand() const;

    Convolution description_;
    c10::IValue packed_;
};

}  // namespace piaa
