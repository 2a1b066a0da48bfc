#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/error.h>
#include <piaa/image.h>

namespace piaa {
namespace {

/// Which old pixels make up one new pixel along one side, and how much each counts; the weights add up to 1.
struct Window {
    int first = 0;
    std::vector<float> weights;
};

/// Shrinking: the old pixels under the new one, by the share covered. Growing: a triangle one old pixel wide.
std::vector<Window> resampling_windows(int from, int to) {
    std::vector<Window> windows(to);
    const double scale = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        Window& window = windows[i];
        if (scale >= 1) {
            const double begin = i * scale;
            const double end = (i + 1) * scale;
            window.first = static_cast<int>(begin);
            const int last = std::min(from, static_cast<int>(std::ceil(end - 1e-9)));
            for (int j = window.first; j < last; ++j) {
                const double covered = std::min<double>(end, j + 1) - std::max<double>(begin, j);
                window.weights.push_back(static_cast<float>(covered / scale));
            }
        } else {
            const double centre = std::clamp((i + 0.5) * scale - 0.5, 0.0, from - 1.0);
            window.first = std::min(static_cast<int>(centre), std::max(0, from - 2));
            const auto share = static_cast<float>(centre - window.first);
            window.weights.push_back(1 - share);
            if (from > 1) window.weights.push_back(share);
        }
    }
    return windows;
}

}  // namespace

Image::Image(Size size, std::vector<std::uint8_t> pixels) : size_(size), pixels_(std::move(pixels)) {
    const auto text = std::to_string(size.width) + "x" + std::to_string(size.height);
    if (size.width < 1 || size.height < 1)
        throw Error(ErrorCode::bad_image, "image size is " + text + " and should be at least 1x1");
    const auto expected = static_cast<std::size_t>(size.width) * size.height * 3;
    if (pixels_.size() != expected)
        throw Error(ErrorCode::bad_image, "image of " + text + " pixels has " +
                                              std::to_string(pixels_.size()) + " values instead of " +
                                              std::to_string(expected));
}

Image resized(const Image& image, Size size) {
    if (size.width < 1 || size.height < 1)
        throw Error(ErrorCode::bad_argument, "target size is " + std::to_string(size.width) + "x" +
                                                 std::to_string(size.height) + " and should be at least 1x1");
    if (size == image.size()) return image;
    const auto columns = resampling_windows(image.width(), size.width);
    const auto rows = resampling_windows(image.height(), size.height);

    // Rows first: the inner loops then run along memory, and the compiler makes vectors of them.
    const std::size_t old_stride = static_cast<std::size_t>(image.width()) * 3;
    std::vector<float> line(old_stride);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size.width) * size.height * 3);
    for (int y = 0; y < size.height; ++y) {
        std::fill(line.begin(), line.end(), 0.0F);
        for (std::size_t k = 0; k < rows[y].weights.size(); ++k) {
            const std::uint8_t* source = image.at(0, rows[y].first + static_cast<int>(k));
            const float weight = rows[y].weights[k];
            for (std::size_t i = 0; i < old_stride; ++i) line[i] += weight * static_cast<float>(source[i]);
        }
        std::uint8_t* target = pixels.data() + static_cast<std::size_t>(y) * size.width * 3;
        for (int x = 0; x < size.width; ++x) {
            float sum[3] = {0.5F, 0.5F, 0.5F};
            const float* source = line.data() + static_cast<std::size_t>(columns[x].first) * 3;
            for (const float weight : columns[x].weights) {
                for (int c = 0; c < 3; ++c) sum[c] += weight * source[c];
                source += 3;
            }
            for (int c = 0; c < 3; ++c)
                target[x * 3 + c] = static_cast<std::uint8_t>(std::min(sum[c], 255.0F));
        }
    }
    return {size, std::move(pixels)};
}

}  // namespace piaa
