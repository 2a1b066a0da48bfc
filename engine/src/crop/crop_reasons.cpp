#include "crop/crop_reasons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "io/words.h"

namespace piaa {
namespace {

constexpr double little_subject = 0.4;  // beside what a place holds on average

}  // namespace

Plane positive_part(const Plane& activation_saliency) {
    Plane result = activation_saliency;
    for (float& value : result.values) value = std::max(value, 0.0F);
    return result;
}

Point focal_point(const Plane& salient) {
    double weight = 0;
    Point point{0, 0};
    for (int y = 0; y < salient.height; ++y)
        for (int x = 0; x < salient.width; ++x) {
            // Squared: the peak counts, not the wide and weak.
            const double value = double(salient.at(x, y)) * salient.at(x, y);
            weight += value;
            point.x += value * (x + 0.5) / salient.width;
            point.y += value * (y + 0.5) / salient.height;
        }
    if (weight < 1e-12) return {};
    return {point.x / weight, point.y / weight};
}

std::vector<std::string> crop_reasons(const IntegralMap& salient, const IntegralMap& subject,
                                      const Point& focus, const Box& crop) {
    std::vector<std::string> reasons;
    const double all = salient.sum({});
    if (all > 1e-6) {
        const double kept = 100 * salient.sum(crop) / all;
        char text[128];
        std::snprintf(text, sizeof text, tr("keeps %.0f %% of what stands out"), kept);
        reasons.emplace_back(text);
    }
    struct Strip {
        const char* left_out;
        Box box;
    };
    const std::array<Strip, 4> strips{
        {{marked("leaves out what is calm on the left"), {0, 0, crop.x, 1}},
         {marked("leaves out what is calm on the right"), {crop.right(), 0, 1 - crop.right(), 1}},
         {marked("leaves out what is calm at the top"), {0, 0, 1, crop.y}},
         {marked("leaves out what is calm at the bottom"), {0, crop.bottom(), 1, 1 - crop.bottom()}}}};
    for (const Strip& strip : strips)
        if (strip.box.area() > 0.1 && salient.mean(strip.box) < 0.4 * all &&
            subject.mean(strip.box) < little_subject * subject.sum({}))
            reasons.emplace_back(tr(strip.left_out));
    const auto off_third = [](double place) {
        return std::min(std::abs(place - 1 / 3.0), std::abs(place - 2 / 3.0));
    };
    const double x = (focus.x - crop.x) / crop.width;
    const double y = (focus.y - crop.y) / crop.height;
    if (std::hypot(x - 0.5, y - 0.5) < 0.08)
        reasons.emplace_back(tr("subject in the middle"));
    else if (std::hypot(off_third(x), off_third(y)) < 0.08)
        reasons.emplace_back(tr("subject on a third"));
    return reasons;
}

}  // namespace piaa
