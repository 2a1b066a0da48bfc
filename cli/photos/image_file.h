#pragma once

#include <functional>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/image.h>

#include "photos/file_bytes.h"
#include "photos/image_format.h"

namespace piaa::cli {

/// The largest picture that is decoded, in pixels; a larger one is refused by its header alone.
constexpr std::size_t most_pixels = 400'000'000;

/// What the start of an image file says.
struct ImageHeader {
    ImageFormat format;
    Size size;  ///< pixels, after orientation
};

/// Reads a photo's format and size without decoding it. Throws as read_image() does.
ImageHeader read_header(const boost::filesystem::path& file);

/// What all decoders at work may take together, in bytes; 192 MB if this is never called. A photo that needs
/// more by itself is decoded alone or, if `strict`, refused.
void limit_decoding_memory(std::size_t bytes, bool strict);

/// Given a photo's size after orientation, the smallest size that will do.
using SmallestSize = std::function<Size(Size photo)>;

/// A photo in memory, perhaps smaller than the file's.
struct DecodedPhoto {
    Image image;
    Size photo;  ///< pixels of the file's picture, after orientation
};

/// Decodes a photo to at least the size asked for and, where that is cheaper, not much above it: JPEG and
/// WebP shrink while decoding, all others are averaged over whole blocks of pixels.
///
/// JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, TIFF, GIF, BMP and cameras' RAW files (by their embedded preview
/// where it is large enough, else developed), told by content; of several pages or frames the first.
/// Orientation is applied, colours are brought to sRGB where the file names another space (CMYK without a
/// profile counts as SWOP), 16 bits become 8, transparency is blended over white.
///
/// Throws Error(io) when the file cannot be read and Error(bad_image) when it is none of these formats,
/// damaged, truncated or larger than most_pixels; the sentence starts with the file's name. Safe to call from
/// several threads: files that need much memory wait for each other.
DecodedPhoto read_image(const boost::filesystem::path& file, const SmallestSize& smallest);

/// The file's bytes, for decode_image(). Throws Error(io) naming the file when it cannot be read.
FileBytes read_image_bytes(const boost::filesystem::path& file);

/// As many of them as decode_image() takes for that size, which may be few of a progressive JPEG.
FileBytes read_image_bytes(const boost::filesystem::path& file, const SmallestSize& smallest);

/// read_image() of bytes that are there already; `file` is their name, and is read where they are not enough.
DecodedPhoto decode_image(const FileBytes& bytes, const boost::filesystem::path& file,
                          const SmallestSize& smallest);

/// What a photo says of itself, as it stands in the file: EXIF from its TIFF header on, and an XMP packet;
/// empty where there is none.
struct MetadataBlocks {
    std::string exif, xmp;
};

/// The metadata of HEIC, AVIF, JPEG XL and GIF, for files that exiv2 does not read. Throws as read_image()
/// does.
MetadataBlocks read_metadata_blocks(const boost::filesystem::path& file);

/// Decodes every pixel.
Image read_full_image(const boost::filesystem::path& file);

/// The picture as a JPEG file in memory, without any metadata. quality: 1 to 100.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace piaa::cli
