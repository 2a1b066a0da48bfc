#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace piaa::cli {

/// Bytes of a file that others take the place of. All before and after stays as it is.
struct Splice {
    std::size_t at = 0;
    std::string removed;
    std::string inserted;
};

/// The file with the splice done. Throws Error(bad_data) when `removed` is not there.
std::string spliced(std::string_view bytes, const Splice& splice);
/// Why XMP cannot be put into a photo: "is damaged".
struct CannotEmbed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The place of the XMP inside a JPEG or PNG photo, the two formats in which it can be changed while every
/// other byte of the file, the picture's first of all, stays the byte it was.
class EmbeddedXmp {
public:
    /// Reads the file's structure, not its pixels. Throws CannotEmbed when this is no such file, is damaged,
    /// or says where in the file other parts of it are, so that they may not move.
    explicit EmbeddedXmp(std::string_view bytes);

    /// What is there; nothing in a photo without XMP.
    const std::optional<std::string>& packet() const { return packet_; }
    /// What puts another packet there. Throws CannotEmbed for one that is too long for the format.
    Splice replaced_by(std::string_view packet) const;

private:
    void find_in_jpeg(std::string_view bytes);
    void find_in_png(std::string_view bytes);

    bool jpeg_ = false;
    std::size_t at_ = 0;
    std::string removed_;  ///< the whole segment or chunk
    std::optional<std::string> packet_;
};

}  // namespace piaa::cli
