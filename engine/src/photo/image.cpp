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

/// Keys, "Cubic convolution interpolation for digital image processing" (1981), with a = -1/2.
double cubic(double distance) {
    const double x = std::abs(distance);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
    return 0;
}

/// The kernel spans two new pixels to each side when the picture shrinks, two old ones when it grows.
std::vector<Window> resampling_windows(int from, int to) {
    std::vector<Window> windows(to);
    const double scale = static_cast<double>(from) / to;
    const double stretch = std::max(1.0, scale);
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale - 0.5;
        Window& window = windows[i];
        window.first = std::max(0, static_cast<int>(std::ceil(centre - 2 * stretch)));
        const int last = std::min(from - 1, static_cast<int>(std::floor(centre + 2 * stretch)));
        double sum = 0;
        for (int j = window.first; j <= last; ++j) sum += cubic((j - centre) / stretch);
        for (int j = window.first; j <= last; ++j)
            window.weights.push_back(static_cast<float>(cubic((j - centre) / stretch) / sum));
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
                target[x * 3 + c] = static_cast<std::uint8_t>(std::clamp(sum[c], 0.0F, 255.0F));
        }
    }
    return {size, std::move(pixels)};
}

}  // namespace piaa
