#include <algorithm>
#include <string>

#include <piaa/block_means.h>
#include <piaa/error.h>

#include "photo/preprocess.h"

namespace piaa {

int decode_block(Size photo, Size needed) {
    const int factor =
        std::min(photo.width / std::max(1, needed.width), photo.height / std::max(1, needed.height));
    return factor >= mean_block ? mean_block : 1;
}

Image block_means(const Image& image, int block) {
    if (block < 1)
        throw Error(ErrorCode::bad_argument,
                    "blocks of " + std::to_string(block) + " pixels; there should be at least 1");
    const Size size{(image.width() + block - 1) / block, (image.height() + block - 1) / block};
    std::vector<std::uint8_t> means;
    means.reserve(static_cast<std::size_t>(size.width) * size.height * 3);
    std::vector<unsigned> sums;
    for (int top = 0; top < image.height(); top += block) {
        const int tall = std::min(block, image.height() - top);
        sums.assign(static_cast<std::size_t>(size.width) * 3, 0);
        for (int y = top; y < top + tall; ++y) {
            const std::uint8_t* pixel = image.at(0, y);
            for (int x = 0; x < image.width(); ++x, pixel += 3)
                for (int c = 0; c < 3; ++c) sums[x / block * 3 + c] += pixel[c];
        }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const int wide = std::min(block, image.width() - static_cast<int>(i / 3) * block);
            const auto pixels = static_cast<unsigned>(tall * wide);
            means.push_back(static_cast<std::uint8_t>((sums[i] + pixels / 2) / pixels));
        }
    }
    return {size, std::move(means)};
}

}  // namespace piaa
