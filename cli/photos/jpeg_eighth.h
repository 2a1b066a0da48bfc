#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "photos/jpeg_scans.h"

namespace piaa::cli {

/// Pixels as they come from a JPEG: not turned, in the file's own colours.
struct JpegPixels {
    int width = 0, height = 0;
    int channels = 3;                   ///< 3 for RGB, 1 for grey
    std::vector<std::uint8_t> samples;  ///< rows from the top, channels interleaved
};

/// The memory that decoding takes in bytes, nearly always; half as much again where colours are extreme.
std::size_t decoding_memory(const JpegEighth& jpeg);

/// The picture at an eighth, a border of less than eight pixels left out: what libjpeg gives of the whole
/// file, to the bit. Nothing when libjpeg finds anything to complain of; it is the whole file that says what
/// is wrong then.
std::optional<JpegPixels> decode_eighth(const JpegEighth& jpeg);

}  // namespace piaa::cli
