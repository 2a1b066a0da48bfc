#include "actions/photo_reader.h"

#include <algorithm>

#include <piaa/block_means.h>

namespace piaa::plugin {
namespace {

constexpr int rows_at_once = 256;  ///< a multiple of the block and of the height of GIMP's tiles

}  // namespace

PhotoReader::PhotoReader(Size photo, Size needed) : photo_(photo), block_(decode_block(photo, needed)) {}

bool PhotoReader::read_some(Host& host) {
    if (row_ == photo_.height) return false;
    const int count = std::min(rows_at_once, photo_.height - row_);
    const Image means = block_means({{photo_.width, count}, host.read_rows(row_, count)}, block_);
    pixels_.insert(pixels_.end(), means.pixels().begin(), means.pixels().end());
    row_ += count;
    return row_ < photo_.height;
}

Image PhotoReader::picture() const {
    return {{(photo_.width + block_ - 1) / block_, (photo_.height + block_ - 1) / block_}, pixels_};
}

}  // namespace piaa::plugin
