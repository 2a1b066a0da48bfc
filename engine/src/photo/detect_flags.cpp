#include "photo/detect_flags.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "photo/plane.h"

namespace piaa {
namespace {

constexpr int tiny_side = 32;
constexpr double grey_level = 1 / 255.0;

/// Root mean square of what is left of one channel after the straight gradient that fits best is taken away,
/// in grey levels. On a grid, the two slopes and the mean are independent of each other.
double rest_after_gradient(const Image& image, int channel) {
    const double middle_x = (image.width() - 1) / 2.0;
    const double middle_y = (image.height() - 1) / 2.0;
    double sum = 0, square = 0, with_x = 0, with_y = 0, square_x = 0, square_y = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const double value = image.at(x, y)[channel];
            sum += value;
            square += value * value;
            with_x += value * (x - middle_x);
            with_y += value * (y - middle_y);
            square_x += (x - middle_x) * (x - middle_x);
            square_y += (y - middle_y) * (y - middle_y);
        }
    const double count = static_cast<double>(image.width()) * image.height();
    double rest = square - sum * sum / count;
    if (square_x > 0) rest -= with_x * with_x / square_x;
    if (square_y > 0) rest -= with_y * with_y / square_y;
    return std::sqrt(std::max(0.0, rest / count));
}

/// Whether brightness bends nowhere: colours that run into each other along curves, as no lens draws them. Of
/// 1,780 photos and wallpapers the smoothest bends at 4.4 % of its places (out of focus throughout).
bool is_smooth(const Image& small) {
    constexpr int bend = 4;  // grey levels from the mean of four neighbours, times four: rounding makes 3
    constexpr double most_bends = 0.005;
    int places = 0;
    int bends = 0;
    for (int y = 1; y + 1 < small.height(); ++y)
        for (int x = 1; x + 1 < small.width(); ++x, ++places) {
            int most = 0;
            for (int c = 0; c < 3; ++c)
                most = std::max(
                    most, std::abs(4 * small.at(x, y)[c] - small.at(x - 1, y)[c] - small.at(x + 1, y)[c] -
                                   small.at(x, y - 1)[c] - small.at(x, y + 1)[c]));
            bends += most > bend;
        }
    return places >= 256 && bends <= most_bends * places;
}

bool is_flat(const Image& small) {
    for (int channel = 0; channel < 3; ++channel)
        if (rest_after_gradient(small, channel) > 1.0) return is_smooth(small);
    return true;
}

/// Correlation of each pixel with its right and its lower neighbour.
double neighbour_correlation(const Plane& light) {
    const double average = mean(light);
    double variance = 0;
    double covariance = 0;
    double pairs = 0;
    for (int y = 0; y < light.height; ++y)
        for (int x = 0; x < light.width; ++x) {
            const double here = light.at(x, y) - average;
            variance += here * here;
            if (x + 1 < light.width) covariance += here * (light.at(x + 1, y) - average), ++pairs;
            if (y + 1 < light.height) covariance += here * (light.at(x, y + 1) - average), ++pairs;
        }
    if (variance == 0 || pairs == 0) return 1;
    return covariance / pairs / (variance / static_cast<double>(light.values.size()));
}

/// How much of a picture is its commonest luminance, and how the rest lies on it.
struct Ground {
    double share = 0;      ///< of the pixels that are the ground's colour
    double even = 0;       ///< of the pixels that equal their right and lower neighbours
    double chroma = 0;     ///< mean distance between its channels, 0 grey to 1
    double crossings = 0;  ///< between ground and ink, along a row or a column, on average
};

Ground measure_ground(const Image& small, const Plane& light) {
    std::array<int, 64> histogram{};
    for (const float value : light.values) ++histogram[std::min(63, static_cast<int>(value * 64))];
    const auto commonest = std::max_element(histogram.begin(), histogram.end()) - histogram.begin();
    const double level = (static_cast<double>(commonest) + 0.5) / 64;
    const auto is_ground = [&](int x, int y) { return std::abs(light.at(x, y) - level) < 4 * grey_level; };

    Ground ground;
    double crossings = 0;
    for (int y = 0; y < light.height; ++y)
        for (int x = 0; x < light.width; ++x) {
            const bool here = is_ground(x, y);
            ground.share += here;
            if (here) {
                const auto [least, most] = std::minmax_element(small.at(x, y), small.at(x, y) + 3);
                ground.chroma += *most - *least;
            }
            ground.even += here && x > 0 && y > 0 &&
                           std::abs(light.at(x, y) - light.at(x - 1, y)) < grey_level &&
                           std::abs(light.at(x, y) - light.at(x, y - 1)) < grey_level;
            if (x > 0) crossings += here != is_ground(x - 1, y);
            if (y > 0) crossings += here != is_ground(x, y - 1);
        }
    if (ground.share > 0) ground.chroma *= grey_level / ground.share;
    ground.share /= static_cast<double>(light.values.size());
    ground.even /= static_cast<double>(light.values.size());
    ground.crossings = crossings / (light.width + light.height);
    return ground;
}

}  // namespace

std::vector<std::string> Flags::names() const {
    std::vector<std::string> result;
    if (has(Flag::flat)) result.emplace_back("flat");
    if (has(Flag::tiny)) result.emplace_back("tiny");
    if (has(Flag::noise)) result.emplace_back("noise");
    if (has(Flag::document)) result.emplace_back("document");
    if (has(Flag::graphic)) result.emplace_back("graphic");
    if (has(Flag::screenshot)) result.emplace_back("screenshot");
    return result;
}

Flags detect_flags(const Image& image) {
    return detect_flags(small_copy(image), image.size());
}

Flags detect_flags(const Image& small, Size photo) {
    Flags flags;
    if (std::min(photo.width, photo.height) < tiny_side) flags.set(Flag::tiny);
    if (is_flat(small)) {
        flags.set(Flag::flat);
        return flags;
    }
    const Plane light = luminance(small);
    const double correlation = neighbour_correlation(light);
    if (correlation < 0.2) {
        flags.set(Flag::noise);
        return flags;
    }
    // Bounds chosen so that pages and screenshots pass and none of 1,748 photos with snow, fog, walls, night
    // skies and silhouettes does: text is fine-grained, all over the picture, on a perfectly even ground,
    // which is no blue sky behind twigs.
    const Ground ground = measure_ground(small, light);
    if (ground.share > 0.4 && ground.even > 0.2 && ground.crossings > 8 && ground.chroma < 0.3 &&
        correlation < 0.73)
        flags.set(Flag::document);
    return flags;
}

}  // namespace piaa
