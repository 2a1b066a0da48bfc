#pragma once

#include <cstdint>
#include <vector>

#include <piaa/image.h>

#include "host.h"

namespace piaa::plugin {

/// Reads a photo from its host a few rows at a time, so that a window stays alive meanwhile. A photo at least
/// 8 times larger than needed is averaged over 8x8 pixels as it is read: as the engine would do it, and as a
/// JPEG decoder does at an eighth, so that GIMP and piaa-batch judge the same picture.
class PhotoReader {
public:
    /// needed: decode_size() of the model for this photo.
    PhotoReader(Size photo, Size needed);

    /// Reads on; false when all is read. done() is then 1.
    bool read_some(Host& host);
    double done() const { return static_cast<double>(row_) / photo_.height; }
    /// What was read; only when nothing is left to read.
    Image picture() const;
    /// The same with as much detail as a window shows and crops need: at most 2,048 pixels a side.
    Image detail() const;

private:
    Size photo_;
    int block_;
    int row_ = 0;
    std::vector<std::uint8_t> pixels_;
    int detail_block_;
    std::vector<std::uint8_t> detail_;  ///< empty where that is the picture itself
};

}  // namespace piaa::plugin
