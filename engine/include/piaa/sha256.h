#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <piaa/export.h>

namespace piaa {

/// SHA-256 of bytes that come piece by piece.
class PIAA_API Sha256 {
public:
    Sha256();
    ~Sha256();
    void add(std::span<const std::byte> bytes);
    /// 64 hexadecimal digits; ends the hash.
    std::string hex();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

/// SHA-256 in 64 hexadecimal digits.
PIAA_API std::string sha256(std::span<const std::byte> bytes);

}  // namespace piaa
