#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <piaa/error.h>

namespace piaa {

static_assert(std::endian::native == std::endian::little, "files are read and written in memory order");

/// Walks through bytes that may be hostile: no step leads beyond their end.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::size_t left() const { return bytes_.size(); }

    std::span<const std::byte> take(std::size_t count) {
        if (count > bytes_.size())
            throw Error(ErrorCode::bad_profile,
                        "file ends " + std::to_string(count - bytes_.size()) + " bytes too early");
        const auto taken = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return taken;
    }

    template <std::integral Number>
    Number number() {
        Number value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }

    std::string text(std::size_t length) {
        const auto taken = take(length);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }

private:
    std::span<const std::byte> bytes_;
};

/// Appends little-endian numbers and text to a growing file.
class ByteWriter {
public:
    template <std::integral Number>
    void number(Number value) {
        append(&value, sizeof value);
    }
    void text(const std::string& text) { append(text.data(), text.size()); }
    void bytes(std::span<const std::byte> bytes) { append(bytes.data(), bytes.size()); }

    std::size_t size() const { return bytes_.size(); }
    std::vector<std::byte> take() { return std::move(bytes_); }

private:
    void append(const void* data, std::size_t size) {
        const auto* first = static_cast<const std::byte*>(data);
        bytes_.insert(bytes_.end(), first, first + size);
    }
    std::vector<std::byte> bytes_;
};

}  // namespace piaa
