#pragma once

#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/image.h>

/// Photo files of every kind, made when a test needs them.
namespace piaa::test {

/// How a picture is brought to disk.
struct FileKind {
    std::string suffix = ".png";  ///< names the format; libvips' options may follow: ".jpg[Q=90]"
    std::string space = "srgb";   ///< "srgb", "b-w", "cmyk", "rgb16", "grey16", "scrgb", "p3"
    int orientation = 1;          ///< EXIF 1 to 8; the pixels are stored so that people see the picture given
    int alpha = -1;               ///< 0 to 255, the same for all pixels; -1 for none
};

/// Writes the picture as `stem` + suffix and gives the path.
boost::filesystem::path write_photo(const Image& image, const boost::filesystem::path& stem,
                                    const FileKind& kind = {});

/// Frames of one size as an animated GIF.
void write_animation(const std::vector<Image>& frames, const boost::filesystem::path& file);

void write_bytes(const boost::filesystem::path& file, const std::string& bytes);
std::string read_bytes(const boost::filesystem::path& file);

/// A file that says it is a PNG of this size, and ends there.
std::string png_header(Size size);

/// A BMP file, bottom row first. bits: 1, 4, 8 (a grey palette), 16, 24, 32.
std::string bmp_bytes(const Image& image, int bits);

/// The mean over pixels and channels of the absolute difference. Sizes must be equal.
double mean_difference(const Image& a, const Image& b);

}  // namespace piaa::test
