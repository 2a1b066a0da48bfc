#include "actions/photo_reader.h"

#include <algorithm>

namespace piaa::plugin {
namespace {

constexpr int rows_at_once = 256;  ///< a multiple of 8 and of the height of GIMP's tiles

/// Means of blocks of pixels; those at the right and the lower border may be smaller.
void append_means(const std::vector<std::uint8_t>& rows, int width, int height, int block,
                  std::vector<std::uint8_t>& means) {
    std::vector<unsigned> sums;
    for (int top = 0; top < height; top += block) {
        const int tall = std::min(block, height - top);
        sums.assign(static_cast<std::size_t>((width + block - 1) / block) * 3, 0);
        for (int y = top; y < top + tall; ++y) {
            const std::uint8_t* pixel = rows.data() + static_cast<std::size_t>(y) * width * 3;
            for (int x = 0; x < width; ++x, pixel += 3)
                for (int c = 0; c < 3; ++c) sums[x / block * 3 + c] += pixel[c];
        }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const int left = static_cast<int>(i / 3) * block;
            const unsigned pixels = static_cast<unsigned>(tall * std::min(block, width - left));
            means.push_back(static_cast<std::uint8_t>((sums[i] + pixels / 2) / pixels));
        }
    }
}

}  // namespace

PhotoReader::PhotoReader(Size photo, Size needed)
    : photo_(photo),
      block_(std::min(photo.width / std::max(1, needed.width), photo.height / std::max(1, needed.height)) >= 8
                 ? 8
                 : 1) {}

bool PhotoReader::read_some(Host& host) {
    if (row_ == photo_.height) return false;
    const int count = std::min(rows_at_once, photo_.height - row_);
    const std::vector<std::uint8_t> rows = host.read_rows(row_, count);
    if (block_ == 1)
        pixels_.insert(pixels_.end(), rows.begin(), rows.end());
    else
        append_means(rows, photo_.width, count, block_, pixels_);
    row_ += count;
    return row_ < photo_.height;
}

Image PhotoReader::picture() const {
    return {{(photo_.width + block_ - 1) / block_, (photo_.height + block_ - 1) / block_}, pixels_};
}

}  // namespace piaa::plugin
