#include "photos/file_hash.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <piaa/error.h>
#include <piaa/sha256.h>

namespace piaa::cli {

std::string sha256_of(std::string_view bytes) {
    return sha256(std::as_bytes(std::span(bytes)));
}

std::string sha256_of_file(const boost::filesystem::path& file) {
    errno = 0;
    std::ifstream in(file.string(), std::ios::binary);
    Sha256 hash;
    std::string piece(1 << 20, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        hash.add(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(in.gcount()))));
    if (!in.eof() || in.bad())
        throw Error(ErrorCode::io, file.string() + ": cannot be read: " + std::strerror(errno ? errno : EIO));
    return hash.hex();
}

}  // namespace piaa::cli
