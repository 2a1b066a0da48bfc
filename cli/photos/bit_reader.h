#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace piaa::cli {

/// The bits of a header of a video codec, from the highest of each byte. Behind the end there are zeros, and
/// the reader is no longer whole.
class BitReader {
public:
    explicit BitReader(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

    std::uint32_t take(unsigned count) {
        std::uint32_t value = 0;
        for (; count > 0; --count, ++at_) {
            const bool there = at_ / 8 < bytes_.size();
            whole_ = whole_ && there;
            value =
                value << 1 | (there ? static_cast<std::uint32_t>(bytes_[at_ / 8]) >> (7 - at_ % 8) & 1U : 0U);
        }
        return value;
    }
    bool flag() { return take(1) != 0; }
    void skip(std::size_t count) { at_ += count; }
    /// An Exp-Golomb code without a sign; AV1 calls it uvlc.
    std::uint32_t number() {
        unsigned zeros = 0;
        while (whole_ && zeros < 32 && !flag()) ++zeros;
        if (zeros >= 32) whole_ = false;
        return whole_ ? (1U << zeros) - 1 + take(zeros) : 0;
    }
    void skip_numbers(int count) {
        for (; count > 0; --count) number();
    }
    bool whole() const { return whole_; }

private:
    std::vector<std::byte> bytes_;
    std::size_t at_ = 0;
    bool whole_ = true;
};

}  // namespace piaa::cli
