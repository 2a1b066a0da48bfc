#include "actions/photo_reader.h"

#include <algorithm>

#include <piaa/block_means.h>

namespace piaa::plugin {
namespace {

constexpr int rows_at_once = 256;  ///< a multiple of the block and of the height of GIMP's tiles

constexpr int detail_side = 2048;

/// A power of two, so that it divides the rows that are read at once.
int detail_block_of(Size photo) {
    int block = 1;
    while ((std::max(photo.width, photo.height) + block - 1) / block > detail_side) block *= 2;
    return block;
}

void append(std::vector<std::uint8_t>& pixels, const Image& rows) {
    pixels.insert(pixels.end(), rows.pixels().begin(), rows.pixels().end());
}

Image picture_of(Size photo, int block, const std::vector<std::uint8_t>& pixels) {
    return {{(photo.width + block - 1) / block, (photo.height + block - 1) / block}, pixels};
}

}  // namespace

PhotoReader::PhotoReader(Size photo, Size needed)
    : photo_(photo),
      block_(decode_block(photo, needed)),
      detail_block_(std::min(rows_at_once, detail_block_of(photo))) {}

bool PhotoReader::read_some(Host& host) {
    if (row_ == photo_.height) return false;
    const int count = std::min(rows_at_once, photo_.height - row_);
    const Image rows({photo_.width, count}, host.read_rows(row_, count));
    append(pixels_, block_means(rows, block_));
    if (detail_block_ != block_) append(detail_, block_means(rows, detail_block_));
    row_ += count;
    return row_ < photo_.height;
}

Image PhotoReader::picture() const {
    return picture_of(photo_, block_, pixels_);
}

Image PhotoReader::detail() const {
    return detail_block_ == block_ ? picture() : picture_of(photo_, detail_block_, detail_);
}

}  // namespace piaa::plugin
