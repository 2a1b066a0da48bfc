#include "crop/second_look.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <piaa/cut_out.h>

namespace piaa {
namespace {

/// The pixels of a length that lie between two shares of it; at least one.
std::pair<int, int> pixels_between(double from, double to, int length) {
    const int first = std::clamp(static_cast<int>(std::lround(from * length)), 0, length - 1);
    return {first, std::clamp(static_cast<int>(std::lround(to * length)), first + 1, length)};
}

PixelBox pixels_of(const Box& part, Size picture) {
    const auto [left, right] = pixels_between(part.x, part.right(), picture.width);
    const auto [top, bottom] = pixels_between(part.y, part.bottom(), picture.height);
    return {left, top, right - left, bottom - top};
}

}  // namespace

std::vector<double> look_again(const Model& model, const Image& picture, std::span<const Box> parts,
                               const std::function<double(const Features&)>& judge) {
    std::vector<Image> pictures;
    for (const Box& part : parts) pictures.push_back(cut_out(picture, pixels_of(part, picture.size())));
    std::vector<double> said;
    for (const Features& features : extract_features(model, pictures)) said.push_back(judge(features));
    return said;
}

}  // namespace piaa
