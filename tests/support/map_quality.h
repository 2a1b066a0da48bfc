#pragma once

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <piaa/piaa.h>

/// How well a map tells which places of a photo its score hangs on.
namespace piaa::test {

constexpr int blocks_a_side = 6;

/// The blocks of a photo, those with the highest mean of the map first.
inline std::vector<int> blocks_by(const Heatmap& map) {
    std::vector<double> sums(blocks_a_side * blocks_a_side, 0);
    std::vector<int> counts(sums.size(), 0);
    for (int y = 0; y < map.size.height; ++y)
        for (int x = 0; x < map.size.width; ++x) {
            const int block =
                y * blocks_a_side / map.size.height * blocks_a_side + x * blocks_a_side / map.size.width;
            sums[block] += map.at(x, y);
            ++counts[block];
        }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(1, counts[i]);
    std::vector<int> order(sums.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return sums[a] > sums[b]; });
    return order;
}

inline std::vector<int> blocks_by_chance(unsigned seed) {
    std::vector<int> order(blocks_a_side * blocks_a_side);
    std::iota(order.begin(), order.end(), 0);
    std::mt19937 random(seed);
    for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random() % (i + 1)]);
    return order;
}

/// `photo` with the first `count` blocks of the order taken from `other`, a picture of the same size.
inline Image exchanged(const Image& photo, const Image& other, const std::vector<int>& order, int count) {
    std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
    for (int i = 0; i < count; ++i) {
        const int column = order[i] % blocks_a_side;
        const int row = order[i] / blocks_a_side;
        const int left = column * photo.width() / blocks_a_side;
        const int right = (column + 1) * photo.width() / blocks_a_side;
        for (int y = row * photo.height() / blocks_a_side; y < (row + 1) * photo.height() / blocks_a_side;
             ++y)
            std::copy_n(other.at(left, y), 3 * (right - left),
                        pixels.begin() + (static_cast<std::ptrdiff_t>(y) * photo.width() + left) * 3);
    }
    return {photo.size(), std::move(pixels)};
}

/// What insertion gains over deletion: the mean score while blocks come into a blurred photo in this order,
/// less that while they go from it. Above 0 when the first blocks are those that raise the score.
inline double insertion_over_deletion(const Model& model, const Image& photo, const std::vector<int>& order,
                                      int steps) {
    const Image blurred = resized(resized(photo, {blocks_a_side, blocks_a_side}), photo.size());
    const auto generic = [&](const Image& image) {
        return score(model, extract_features(model, std::span(&image, 1)).front()).generic;
    };
    double gain = 0;
    for (int step = 1; step <= steps; ++step) {
        const int count = static_cast<int>(order.size()) * step / (steps + 1);
        gain += generic(exchanged(blurred, photo, order, count)) -
                generic(exchanged(photo, blurred, order, count));
    }
    return gain / steps;
}

}  // namespace piaa::test
