#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <piaa/error.h>
#include <piaa/level.h>

namespace piaa {
namespace {

constexpr int lines_side = 512;      // pixels
constexpr double nearly_wide = 0.9;  // of lines_size(): not worth decoding once more

double radians(double degrees) {
    return degrees * std::numbers::pi / 180;
}

/// A step along the frame's sides, from the photo's middle, as a step in the photo.
Point turned(double right, double down, double angle) {
    const double c = std::cos(radians(angle)), s = std::sin(radians(angle));
    return {c * right - s * down, s * right + c * down};
}

/// Keys' cubic convolution with a = -1/2: weights of the four neighbours at -1, 0, 1 and 2.
std::array<double, 4> cubic(double t) {
    return {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t};
}

void sample(const Image& picture, double x, double y, std::uint8_t* to) {
    const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
    const auto across = cubic(x - left), down = cubic(y - top);
    std::array<double, 3> sum{};
    for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 4; ++i) {
            const std::uint8_t* pixel = picture.at(std::clamp(left + i - 1, 0, picture.width() - 1),
                                                   std::clamp(top + j - 1, 0, picture.height() - 1));
            for (int c = 0; c < 3; ++c) sum[c] += across[i] * down[j] * pixel[c];
        }
    for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(std::clamp(sum[c] + 0.5, 0.0, 255.0));
}

}  // namespace

Size lines_size(Size photo) {
    const double scale = std::min(1.0, static_cast<double>(lines_side) / std::max(photo.width, photo.height));
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

bool shows_lines(Size picture, Size photo) {
    return picture.width >= nearly_wide * lines_size(photo).width;
}

Levelling levelling_by(double tilt, Size photo) {
    return {std::round(100 * tilt) / 100, photo};
}

Size Levelling::frame() const {
    if (!(std::abs(angle) <= 45) || photo.width < 1 || photo.height < 1)
        throw Error(ErrorCode::bad_argument, "a photo is levelled by -45 to 45 degrees, and has pixels");
    if (angle == 0) return photo;
    const double c = std::cos(radians(angle)), s = std::sin(std::abs(radians(angle)));
    const double longer = std::max(photo.width, photo.height), shorter = std::min(photo.width, photo.height);
    double wide = 0, high = 0;
    if (shorter <=
        (2 * s * c + 1e-9) * longer) {  // only two corners of the frame touch the photo's longer sides
        wide = shorter / 2 / s;
        high = shorter / 2 / c;
        if (photo.width < photo.height) std::swap(wide, high);
    } else {
        const double both = c * c - s * s;
        wide = (photo.width * c - photo.height * s) / both;
        high = (photo.height * c - photo.width * s) / both;
    }
    return {std::max(1, static_cast<int>(wide + 1e-9)), std::max(1, static_cast<int>(high + 1e-9))};
}

std::array<Point, 4> Levelling::corners(const Box& box) const {
    if (angle == 0)
        return {{{box.x, box.y}, {box.right(), box.y}, {box.right(), box.bottom()}, {box.x, box.bottom()}}};
    const Size inner = frame();
    const auto place = [&](double x, double y) {
        const Point step = turned((x - 0.5) * inner.width, (y - 0.5) * inner.height, angle);
        return Point{0.5 + step.x / photo.width, 0.5 + step.y / photo.height};
    };
    return {place(box.x, box.y), place(box.right(), box.y), place(box.right(), box.bottom()),
            place(box.x, box.bottom())};
}

Box Levelling::in_frame(const Box& box) const {
    if (angle == 0) return box;
    const Size inner = frame();
    double left = 1, top = 1, right = 0, bottom = 0;
    for (const double x : {box.x, box.right()})
        for (const double y : {box.y, box.bottom()}) {
            const Point step = turned((x - 0.5) * photo.width, (y - 0.5) * photo.height, -angle);
            const double across = std::clamp(0.5 + step.x / inner.width, 0.0, 1.0);
            const double down = std::clamp(0.5 + step.y / inner.height, 0.0, 1.0);
            left = std::min(left, across);
            right = std::max(right, across);
            top = std::min(top, down);
            bottom = std::max(bottom, down);
        }
    return {left, top, right - left, bottom - top};
}

bool Levelling::holds(const Box& box) const {
    if (angle == 0) return true;
    for (const double x : {box.x, box.right()})
        for (const double y : {box.y, box.bottom()}) {
            const Box place = in_frame({x, y, 0, 0});
            if (place.x <= 0 || place.x >= 1 || place.y <= 0 || place.y >= 1) return false;
        }
    return true;
}

Image levelled(const Image& picture, double angle) {
    if (angle == 0) return picture;
    const Size inner = Levelling{angle, picture.size()}.frame();
    return levelled(picture, angle, {0, 0, inner.width, inner.height});
}

Image levelled(const Image& picture, double angle, const PixelBox& box) {
    const Size inner = Levelling{angle, picture.size()}.frame();
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(box.width) * box.height * 3);
    std::uint8_t* to = pixels.data();
    for (int y = box.y; y < box.y + box.height; ++y)
        for (int x = box.x; x < box.x + box.width; ++x, to += 3) {
            const Point step = turned(x - (inner.width - 1) / 2.0, y - (inner.height - 1) / 2.0, angle);
            sample(picture, step.x + (picture.width() - 1) / 2.0, step.y + (picture.height() - 1) / 2.0, to);
        }
    return Image({box.width, box.height}, std::move(pixels));
}

}  // namespace piaa
