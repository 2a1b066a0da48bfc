#include "console/base64.h"

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

}  // namespace

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    text.resize(
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes), length_of(bytes)));
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    // OpenSSL reads past blanks at both ends, and decodes padding as zeros wherever it stands.
    const std::size_t digits = text.find_last_not_of('=') + 1, padding = text.size() - digits;
    constexpr std::string_view strangers = "= \t\r\n-";
    if (text.size() % 4 != 0 || padding > 2 || text.substr(0, digits).find_first_of(strangers) != text.npos)
        return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text), length_of(text));
    if (length < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

}  // namespace piaa::cli
