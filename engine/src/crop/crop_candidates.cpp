#include "crop/crop_candidates.h"

#include <algorithm>
#include <cmath>

namespace piaa {
namespace {

constexpr int anchor_lines = 16;
constexpr int sizes = 12;
constexpr double smallest_size = 0.35;  // of the largest crop of an aspect
constexpr double slide = 1 / 24.0;

struct Interval {
    double low;
    double high;
};

/// Where a crop `length` long may begin so that it lies in the photo and holds [first, last] with its margin;
/// anywhere when it cannot.
Interval starts(double length, double first, double last, double margin) {
    const Interval anywhere{0, std::max(0.0, 1 - length)};
    const Interval holding{std::max(anywhere.low, last - (1 - margin) * length),
                           std::min(anywhere.high, first - margin * length)};
    return holding.low <= holding.high + 1e-9 ? Interval{holding.low, std::max(holding.low, holding.high)}
                                              : anywhere;
}

/// `extra`: places that matter whatever the step.
std::vector<double> positions(Interval interval, std::initializer_list<double> extra) {
    const int steps = std::max(1, static_cast<int>(std::ceil((interval.high - interval.low) / slide)));
    if (interval.high - interval.low < 1e-6) return {interval.low};
    std::vector<double> result;
    for (const double place : extra)
        if (place >= interval.low && place <= interval.high) result.push_back(place);
    for (int i = 0; i <= steps; ++i)
        result.push_back(interval.low + (interval.high - interval.low) * i / steps);
    return result;
}

/// Height of a crop over its width, both as shares of the photo's sides.
double height_per_width(const CropSpace& space) {
    return static_cast<double>(space.photo.width) / space.photo.height / *space.aspect;
}

/// Shares of the largest crop of the aspect, the smallest and largest that hold `keep` among them.
std::vector<double> crop_widths(const CropSpace& space) {
    const double slope = height_per_width(space);
    const double largest = std::min(1.0, 1 / slope);
    std::vector<double> widths;
    for (int i = 0; i < sizes; ++i)
        widths.push_back(largest * (smallest_size + (1 - smallest_size) * i / (sizes - 1)));
    const double lower = std::max(
        {space.smallest_width, space.smallest_height / slope, std::sqrt(space.smallest_area / slope)});
    if (lower < largest) widths.push_back(lower * (1 + 1e-9));
    if (space.keep) {
        const double inner = 1 - 2 * space.margin;
        const double low = std::max({space.keep->width / inner, space.keep->height / inner / slope, lower});
        double high = largest;
        if (space.margin > 0) {
            const double room_x = std::min(space.keep->x, 1 - space.keep->right()) / space.margin;
            const double room_y = std::min(space.keep->y, 1 - space.keep->bottom()) / space.margin / slope;
            high = std::min({high, room_x, room_y});
        }
        if (low <= high)
            for (const double width : {low * (1 + 1e-9), (low + high) / 2, high}) widths.push_back(width);
    }
    return widths;
}

std::vector<Box> sliding_crops(const CropSpace& space) {
    const double slope = height_per_width(space);
    const Box keep = space.keep.value_or(Box{0.5, 0.5, 0, 0});
    std::vector<Box> crops;
    for (const double width : crop_widths(space)) {
        const double height = width * slope;
        const Interval across = space.keep ? starts(width, keep.x, keep.right(), space.margin)
                                           : Interval{0, std::max(0.0, 1 - width)};
        const Interval down = space.keep ? starts(height, keep.y, keep.bottom(), space.margin)
                                         : Interval{0, std::max(0.0, 1 - height)};
        // Where `keep` just stays out of the blank part, on each side of it.
        const Box blank = space.blank.value_or(Box{0, 0, 0, 0});
        const auto rows =
            positions(down, {keep.bottom() - blank.y * height, keep.y - blank.bottom() * height});
        const auto columns =
            positions(across, {keep.right() - blank.x * width, keep.x - blank.right() * width});
        for (const double y : rows)
            for (const double x : columns) crops.push_back({x, y, width, height});
    }
    return crops;
}

/// Grown until it holds `keep` with its margin, as far as the photo goes.
Box holding(Box crop, const CropSpace& space) {
    if (!space.keep) return crop;
    const Box& keep = *space.keep;
    double left = crop.x, top = crop.y, right = crop.right(), bottom = crop.bottom();
    for (int i = 0; i < 8; ++i) {  // each side's margin grows with the other
        const double across = space.margin * (right - left);
        const double down = space.margin * (bottom - top);
        left = std::max(0.0, std::min(left, keep.x - across));
        top = std::max(0.0, std::min(top, keep.y - down));
        right = std::min(1.0, std::max(right, keep.right() + across));
        bottom = std::min(1.0, std::max(bottom, keep.bottom() + down));
    }
    return {left, top, right - left, bottom - top};
}

std::vector<Box> anchored_crops(const CropSpace& space) {
    const double photo_aspect = static_cast<double>(space.photo.width) / space.photo.height;
    // Between 1:2 and 2:1, relaxed for photos that are wider or taller themselves.
    const double narrowest = std::min(0.5, photo_aspect * 0.8);
    const double widest = std::max(2.0, photo_aspect * 1.25);
    std::vector<Box> crops{Box{}};
    const double line = 1.0 / anchor_lines;
    for (int top = 0; top < anchor_lines; ++top)
        for (int bottom = top + 1; bottom <= anchor_lines; ++bottom)
            for (int left = 0; left < anchor_lines; ++left)
                for (int right = left + 1; right <= anchor_lines; ++right) {
                    const Box crop{left * line, top * line, (right - left) * line, (bottom - top) * line};
                    if (crop.area() < space.smallest_area || crop.width < space.smallest_width ||
                        crop.height < space.smallest_height)
                        continue;
                    // Crops leave the middle in, as grid anchors do.
                    if (crop.x > 0.5 || crop.y > 0.5 || crop.right() < 0.5 || crop.bottom() < 0.5) continue;
                    const double aspect = photo_aspect * crop.width / crop.height;
                    if (aspect < narrowest || aspect > widest) continue;
                    crops.push_back(holding(crop, space));
                }
    return crops;
}

}  // namespace

std::vector<Box> crop_candidates(const CropSpace& space) {
    return space.aspect ? sliding_crops(space) : anchored_crops(space);
}

std::vector<Box> crop_neighbours(const CropSpace& space, const Box& crop, double step) {
    std::vector<Box> result;
    const auto add = [&](Box box) {
        if (box.width < step || box.height < step || box.width > 1 || box.height > 1) return;
        box.x = std::clamp(box.x, 0.0, 1 - box.width);
        box.y = std::clamp(box.y, 0.0, 1 - box.height);
        result.push_back(box);
    };
    for (const double move : {-step, step}) {
        add({crop.x + move, crop.y, crop.width, crop.height});
        add({crop.x, crop.y + move, crop.width, crop.height});
    }
    for (const double grow : {-step, step}) {
        if (space.aspect) {
            const double slope = height_per_width(space);
            add({crop.x - grow / 2, crop.y - grow * slope / 2, crop.width + grow,
                 (crop.width + grow) * slope});
        } else {
            add({crop.x - grow, crop.y, crop.width + grow, crop.height});
            add({crop.x, crop.y - grow, crop.width, crop.height + grow});
            if (crop.right() + grow <= 1) add({crop.x, crop.y, crop.width + grow, crop.height});
            if (crop.bottom() + grow <= 1) add({crop.x, crop.y, crop.width, crop.height + grow});
        }
    }
    return result;
}

}  // namespace piaa
