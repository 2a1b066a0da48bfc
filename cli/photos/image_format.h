#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// The picture formats that piaa-batch reads.
enum class ImageFormat { jpeg, png, webp, heif, tiff, gif, bmp, raw, jxl };

/// How many bytes from the start of a file image_format() wants to see.
constexpr std::size_t format_bytes = 32;

/// The format, told by the first bytes and never by the name; nothing for any other content. RAW files that
/// start as TIFF does count as TIFF here; read_header() knows them apart.
std::optional<ImageFormat> image_format(std::span<const std::byte> start);

/// The same for a file. Throws Error(io) when it cannot be read.
std::optional<ImageFormat> image_format(const boost::filesystem::path& file);

/// "JPEG", "HEIC or AVIF"...
std::string_view format_name(ImageFormat format);

/// Whether the name ends as one of these formats usually does: ".jpg", ".HEIC"...
bool has_image_suffix(const boost::filesystem::path& file);

/// All such endings, in lower case and without the dot: "jpg", "nef"...
std::span<const std::string_view> image_suffixes();

/// Whether the name ends as a camera's RAW file does: ".nef", ".CR3", ".dng"...
bool has_raw_suffix(const boost::filesystem::path& file);

}  // namespace piaa::cli
