#include "console/base64.h"

#include <algorithm>
#include <limits>

#include <openssl/evp.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

int length_of(std::string_view text) {
    if (text.size() > std::numeric_limits<int>::max() / 2)
        throw Error(ErrorCode::bad_data, "a photo in base64 has " + std::to_string(text.size()) +
                                             " bytes and should have less than 1 GB");
    return static_cast<int>(text.size());
}

/// Of the alphabet for URLs, or without its padding, as RFC 4648 has it first.
std::string in_first_alphabet(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    plain.resize((plain.size() + 3) / 4 * 4, '=');
    return plain;
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    text.resize(
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes), length_of(bytes)));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    // OpenSSL reads past blanks at both ends, and decodes padding as zeros wherever it stands.
    std::string plain;
    if (text.size() % 4 != 0 || text.find_first_of("-_") != text.npos) {
        if (text.ends_with('=') && text.size() % 4 != 0) return std::nullopt;
        plain = in_first_alphabet(text);
        text = plain;
    }
    const std::size_t digits = text.find_last_not_of('=') + 1, padding = text.size() - digits;
    if (padding > 2 || text.substr(0, digits).find_first_of("= \t\r\n-") != text.npos) return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text), length_of(text));
    if (length < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

}  // namespace piaa::cli
