#pragma once

#include <cstddef>
#include <span>

#include <piaa/image.h>

namespace piaa::cli {

/// Width and height that a BMP file states. Throws Error(bad_image).
Size bmp_size(std::span<const std::byte> file);

/// Reads a BMP file: palettes of 1, 4 and 8 bits, 16, 24 and 32 bits per pixel, without compression. Alpha,
/// where the header declares it, is blended over white. Throws Error(bad_image) for what is damaged or
/// compressed.
///
/// Read here because libvips would hand BMP to ImageMagick, which opens more formats than are safe.
Image read_bmp(std::span<const std::byte> file);

}  // namespace piaa::cli
