#include "crop/crop_constraints.h"

#include <algorithm>
#include <cmath>

#include <piaa/error.h>

namespace piaa {
namespace {

bool is_inside_unit(const Box& box) {
    return std::isfinite(box.area()) && box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 &&
           box.right() <= 1 + 1e-9 && box.bottom() <= 1 + 1e-9;
}

void require(bool holds, const std::string& sentence) {
    if (!holds) throw Error(ErrorCode::bad_argument, sentence);
}

Box around(const std::vector<Box>& boxes) {
    double left = 1, top = 1, right = 0, bottom = 0;
    for (const Box& box : boxes) {
        left = std::min(left, box.x);
        top = std::min(top, box.y);
        right = std::max(right, box.right());
        bottom = std::max(bottom, box.bottom());
    }
    return {left, top, right - left, bottom - top};
}

/// The least move that brings [first, last] into [start, start + length].
double shifted(double start, double length, double first, double last) {
    if (last - first > length) return start;
    return std::clamp(start, last - length, first);
}

}  // namespace

void Violations::add(Constraint constraint, double amount) {
    if (amount <= 1e-9) return;
    severity_ += amount;
    broken_ |= 1U << static_cast<unsigned>(constraint);
}

std::vector<std::string> Violations::violations() const {
    constexpr std::pair<Constraint, const char*> names[] = {{Constraint::keep, "keep"},
                                                            {Constraint::margin, "margin"},
                                                            {Constraint::blank, "blank"},
                                                            {Constraint::min_kept, "min_kept"},
                                                            {Constraint::min_pixels, "min_pixels"}};
    std::vector<std::string> result;
    for (const auto& [constraint, name] : names)
        if (breaks(constraint)) result.emplace_back(name);
    return result;
}

Box part_of(const Box& crop, const Box& part) {
    return {crop.x + part.x * crop.width, crop.y + part.y * crop.height, part.width * crop.width,
            part.height * crop.height};
}

CropConstraints::CropConstraints(const CropOptions& options, Size photo) : options_(options) {
    require(!options.aspect || (std::isfinite(*options.aspect) && *options.aspect > 0),
            "crop aspect should be a number above 0");
    require(options.count > 0, "number of crops is 0 and should be at least 1");
    require(options.min_kept >= 0 && options.min_kept <= 1,
            "smallest kept share is " + std::to_string(options.min_kept) + " and should lie between 0 and 1");
    require(options.margin >= 0 && options.margin <= 0.45,
            "margin is " + std::to_string(options.margin) + " and should lie between 0 and 0.45");
    require(options.most_overlap > 0 && options.most_overlap <= 1,
            "largest overlap is " + std::to_string(options.most_overlap) + " and should lie between 0 and 1");
    for (const Box& box : options.keep) require(is_inside_unit(box), "a box to keep lies outside the photo");
    for (const Box& box : options.blank) require(is_inside_unit(box), "a blank box lies outside the crop");

    space_.photo = photo;
    space_.aspect = options.aspect;
    space_.margin = options.margin;
    if (!options.blank.empty()) space_.blank = options.blank.front();
    if (!options.keep.empty()) space_.keep = around(options.keep);
    space_.smallest_width = std::min(1.0, static_cast<double>(options.min_pixels.width) / photo.width);
    space_.smallest_height = std::min(1.0, static_cast<double>(options.min_pixels.height) / photo.height);
    space_.smallest_area = std::max(options.min_kept, 0.2);
}

PixelBox CropConstraints::in_pixels(const Box& crop) const {
    const Size photo = space_.photo;
    const auto whole = [](double value, int most) {
        return std::clamp(static_cast<int>(std::lround(value)), 1, most);
    };
    PixelBox box;
    box.width = whole(crop.width * photo.width, photo.width);
    box.height = whole(crop.height * photo.height, photo.height);
    if (space_.aspect) {
        box.height = whole(box.width / *space_.aspect, photo.height);
        // A height cut off by the photo decides the width.
        if (box.width / *space_.aspect > photo.height + 0.5)
            box.width = whole(box.height * *space_.aspect, photo.width);
    }
    double x = crop.x * photo.width;
    double y = crop.y * photo.height;
    if (space_.keep) {
        const Box& keep = *space_.keep;
        const double across = space_.margin * box.width;
        const double down = space_.margin * box.height;
        x = shifted(x, box.width, keep.x * photo.width - across, keep.right() * photo.width + across);
        y = shifted(y, box.height, keep.y * photo.height - down, keep.bottom() * photo.height + down);
    }
    box.x = std::clamp(static_cast<int>(std::lround(x)), 0, photo.width - box.width);
    box.y = std::clamp(static_cast<int>(std::lround(y)), 0, photo.height - box.height);
    return box;
}

Violations CropConstraints::check(const PixelBox& box) const {
    const Size photo = space_.photo;
    const Box crop = normalized(box, photo);
    // A pixel of rounding on each side is no breach.
    const double pixel_x = 1.0 / photo.width;
    const double pixel_y = 1.0 / photo.height;
    double cut = 0;
    double near_border = 0;
    double in_blank = 0;
    for (const Box& keep : options_.keep) {
        const auto outside = [&](double margin_x, double margin_y) {
            return std::max(0.0, crop.x + margin_x - pixel_x - keep.x) +
                   std::max(0.0, keep.right() - crop.right() + margin_x - pixel_x) +
                   std::max(0.0, crop.y + margin_y - pixel_y - keep.y) +
                   std::max(0.0, keep.bottom() - crop.bottom() + margin_y - pixel_y);
        };
        // Steeper at the start than later on: of two faces that do not fit, one stays whole and the other
        // goes, rather than half of each.
        const double size = keep.width + keep.height;
        cut += std::sqrt(std::min(outside(0, 0), size) * size);
        near_border += outside(options_.margin * crop.width, options_.margin * crop.height);
        for (const Box& part : options_.blank) {
            const Box blank = part_of(crop, part);
            const double across = std::min(blank.right(), keep.right()) - std::max(blank.x, keep.x) - pixel_x;
            const double down = std::min(blank.bottom(), keep.bottom()) - std::max(blank.y, keep.y) - pixel_y;
            if (across > 0 && down > 0) in_blank += std::min(across, down);
        }
    }
    const double missing_area = options_.min_kept - (crop.width + pixel_x) * (crop.height + pixel_y);
    const double missing_pixels =
        std::max(0.0, 1.0 - static_cast<double>(box.width) / std::max(1, options_.min_pixels.width)) +
        std::max(0.0, 1.0 - static_cast<double>(box.height) / std::max(1, options_.min_pixels.height));

    Violations breach;
    breach.add(Constraint::keep, 10 * cut);  // half a face is worse than anything
    if (!breach.breaks(Constraint::keep)) breach.add(Constraint::margin, near_border);
    breach.add(Constraint::blank, 3 * in_blank);
    breach.add(Constraint::min_kept, missing_area);
    breach.add(Constraint::min_pixels, missing_pixels);
    return breach;
}

}  // namespace piaa
