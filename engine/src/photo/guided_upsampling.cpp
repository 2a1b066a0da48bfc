#include "photo/guided_upsampling.h"

#include <algorithm>
#include <cmath>

namespace piaa {
namespace {

/// Adds what is missing to this mean.
void set_mean(Plane& plane, double wanted) {
    const auto missing = static_cast<float>(wanted - mean(plane));
    for (float& value : plane.values) value += missing;
}

/// One side of a linear interpolation: the place before, and the share of the one after.
struct Between {
    int before;
    int after;
    float share;
};

std::vector<Between> interpolation(int from, int to) {
    std::vector<Between> places(to);
    for (int i = 0; i < to; ++i) {
        const double centre = std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
        const int before = static_cast<int>(centre);
        places[i] = {before, std::min(before + 1, from - 1), static_cast<float>(centre - before)};
    }
    return places;
}

Plane interpolated(const Plane& plane, Size size) {
    const auto columns = interpolation(plane.width, size.width);
    const auto rows = interpolation(plane.height, size.height);
    Plane result(size.width, size.height);
    std::vector<float> line(plane.width);
    for (int y = 0; y < size.height; ++y) {
        const Between& row = rows[y];
        for (int x = 0; x < plane.width; ++x)
            line[x] =
                plane.at(x, row.before) + row.share * (plane.at(x, row.after) - plane.at(x, row.before));
        for (int x = 0; x < size.width; ++x) {
            const Between& column = columns[x];
            result.at(x, y) = line[column.before] + column.share * (line[column.after] - line[column.before]);
        }
    }
    return result;
}

Plane product(const Plane& a, const Plane& b) {
    Plane result(a.width, a.height);
    for (std::size_t i = 0; i < a.values.size(); ++i) result.values[i] = a.values[i] * b.values[i];
    return result;
}

/// Mean over blocks of whole pixels, to at most `longest` a side.
Plane shrunk(const Plane& plane, int longest) {
    const int block = (std::max(plane.width, plane.height) + longest - 1) / longest;
    if (block <= 1) return plane;
    Plane result(std::max(1, plane.width / block), std::max(1, plane.height / block));
    for (int y = 0; y < result.height; ++y)
        for (int x = 0; x < result.width; ++x) {
            double sum = 0;
            int count = 0;
            for (int dy = y * block; dy < std::min(plane.height, (y + 1) * block); ++dy)
                for (int dx = x * block; dx < std::min(plane.width, (x + 1) * block); ++dx, ++count)
                    sum += plane.at(dx, dy);
            result.at(x, y) = static_cast<float>(sum / count);
        }
    return result;
}

}  // namespace

Plane guided_upsampling(const Plane& plane, Size size) {
    if (size == Size{plane.width, plane.height}) return plane;
    Plane result = interpolated(plane, size);
    set_mean(result, mean(plane));
    return result;
}

Plane enlarged_along(const Plane& plane, const Plane& guide) {
    // Differences of luma well below this are texture to smooth over, well above it edges to follow.
    constexpr float edge = 0.06F;
    const Plane small_guide = shrunk(guide, 256);
    const Plane target = interpolated(plane, {small_guide.width, small_guide.height});
    const int radius = std::max({2, small_guide.width / plane.width, small_guide.height / plane.height});

    const Plane guide_mean = box_mean(small_guide, radius);
    const Plane target_mean = box_mean(target, radius);
    const Plane square_mean = box_mean(product(small_guide, small_guide), radius);
    const Plane product_mean = box_mean(product(small_guide, target), radius);
    Plane slope(small_guide.width, small_guide.height);
    Plane offset = slope;
    for (std::size_t i = 0; i < slope.values.size(); ++i) {
        const float variance =
            std::max(0.0F, square_mean.values[i] - guide_mean.values[i] * guide_mean.values[i]);
        const float covariance = product_mean.values[i] - guide_mean.values[i] * target_mean.values[i];
        slope.values[i] = covariance / (variance + edge * edge);
        offset.values[i] = target_mean.values[i] - slope.values[i] * guide_mean.values[i];
    }
    const Size full{guide.width, guide.height};
    const Plane full_slope = interpolated(box_mean(slope, radius), full);
    Plane result = interpolated(box_mean(offset, radius), full);
    for (std::size_t i = 0; i < result.values.size(); ++i)
        result.values[i] += full_slope.values[i] * guide.values[i];
    set_mean(result, mean(plane));
    return result;
}

}  // namespace piaa
