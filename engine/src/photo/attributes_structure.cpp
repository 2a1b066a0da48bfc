#include <algorithm>
#include <cmath>
#include <vector>

#include "photo/attribute_groups.h"

namespace piaa {
namespace {

constexpr int tile = 8;  // pixels a side

/// Absolute Laplacian: what changes from one pixel to the next.
Plane fine_detail(const Plane& light) {
    Plane result(light.width, light.height);
    for (int y = 1; y + 1 < light.height; ++y)
        for (int x = 1; x + 1 < light.width; ++x)
            result.at(x, y) = std::abs(4 * light.at(x, y) - light.at(x - 1, y) - light.at(x + 1, y) -
                                       light.at(x, y - 1) - light.at(x, y + 1));
    return result;
}

/// The mean of each tile, row by row; tiles at the right and bottom border may be smaller.
std::vector<double> tile_means(const Plane& plane) {
    std::vector<double> means;
    for (int top = 0; top < plane.height; top += tile)
        for (int left = 0; left < plane.width; left += tile) {
            const int bottom = std::min(plane.height, top + tile);
            const int right = std::min(plane.width, left + tile);
            double sum = 0;
            for (int y = top; y < bottom; ++y)
                for (int x = left; x < right; ++x) sum += plane.at(x, y);
            means.push_back(sum / ((bottom - top) * (right - left)));
        }
    return means;
}

/// Detail in the sharpest tenth of the tiles: a blurred background does not make a photo unsharp.
double sharpness(const Plane& detail) {
    std::vector<double> tiles = tile_means(detail);
    const auto count = std::max<std::size_t>(1, tiles.size() / 10);
    std::partial_sort(tiles.begin(), tiles.begin() + static_cast<std::ptrdiff_t>(count), tiles.end(),
                      std::greater{});
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += tiles[i];
    return 1 - std::exp(-sum / static_cast<double>(count) / 0.3);
}

/// Detail in the middle quarter of the frame as a share of all; Datta et al., "Studying aesthetics in
/// photographic images using a computational approach" (2006), with the Laplacian for the wavelet.
double middle_share(const Plane& detail) {
    double middle = 0;
    double all = 0;
    for (int y = 0; y < detail.height; ++y)
        for (int x = 0; x < detail.width; ++x) {
            all += detail.at(x, y);
            if (4 * x >= detail.width && 4 * x < 3 * detail.width && 4 * y >= detail.height &&
                4 * y < 3 * detail.height)
                middle += detail.at(x, y);
        }
    return all > 1e-4 * static_cast<double>(detail.values.size()) ? middle / all : 0.25;
}

/// Few colours and few edges in what is not salient.
double simplicity(const AttributeInput& input, const Plane& edges) {
    const double salient_above = mean(input.saliency);
    std::vector<int> colours(4096);  // 16 steps a channel
    const auto pixels = input.small.pixels();
    for (std::size_t i = 0; i < input.saliency.values.size(); ++i) {
        if (input.saliency.values[i] > salient_above) continue;
        const std::uint8_t* pixel = &pixels[i * 3];
        ++colours[(pixel[0] / 16U * 16U + pixel[1] / 16U) * 16U + pixel[2] / 16U];
    }
    const int largest = *std::max_element(colours.begin(), colours.end());
    const auto used = std::count_if(colours.begin(), colours.end(),
                                    [&](int count) { return count > 0 && count * 100 > largest; });
    const std::vector<double> tiles = tile_means(edges);
    const auto busy = std::count_if(tiles.begin(), tiles.end(), [](double edge) { return edge > 0.05; });
    const double few_colours = std::exp(-static_cast<double>(std::max<std::ptrdiff_t>(0, used - 1)) / 100);
    return (few_colours + 1 - static_cast<double>(busy) / static_cast<double>(tiles.size())) / 2;
}

}  // namespace

void measure_structure(const AttributeInput& input, Attributes& attributes) {
    const Plane detail = fine_detail(input.light);
    value_of(attributes, Attribute::brightness) = static_cast<float>(mean(input.light));
    value_of(attributes, Attribute::contrast) = percentile(input.light, .99) - percentile(input.light, .01);
    value_of(attributes, Attribute::sharpness) = static_cast<float>(sharpness(detail));
    value_of(attributes, Attribute::depth_of_field) = static_cast<float>(middle_share(detail));
    value_of(attributes, Attribute::simplicity) =
        static_cast<float>(simplicity(input, gradient_magnitude(input.light)));
}

}  // namespace piaa
