#include "io/sha256.h"

#include <array>

#include <openssl/evp.h>

#include <piaa/error.h>

namespace piaa {

std::string sha256(std::span<const std::byte> bytes) {
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw Error(ErrorCode::io, "the system's SHA-256 does not work");
    std::string text;
    for (const unsigned char byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

}  // namespace piaa
