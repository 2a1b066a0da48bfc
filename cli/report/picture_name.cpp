#include "report/picture_name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/parse_number.h>

#include "report/rounded.h"

namespace piaa::cli {
namespace {

constexpr std::string_view part_mark = "#xywh=";
constexpr std::string_view percent_mark = "percent:";
constexpr double percent_steps = 1e4;  // a hundredth of a pixel in a photo of 10,000

/// Where a side begins and how long it is.
struct Span {
    int start = 0, length = 0;
};

/// The whole pixels nearest to shares of a side, at least one.
Span pixels_of(double start, double length, int side) {
    const int first = std::min(static_cast<int>(std::lround(start * side)), side - 1);
    return {first, std::clamp(static_cast<int>(std::lround(length * side)), 1, side - first)};
}

std::optional<double> side_of(std::string_view text, bool pixels) {
    if (!pixels) return parse_number<double>(text);
    const auto whole = parse_number<int>(text);
    return whole ? std::optional<double>(*whole) : std::nullopt;
}

/// Four numbers parted by commas, of which the last two are above 0.
std::optional<Box> box_of(std::string_view text, bool pixels) {
    std::array<double, 4> sides{};
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const auto end = i + 1 < sides.size() ? text.find(',') : text.size();
        if (end == std::string_view::npos) return std::nullopt;
        const auto number = side_of(text.substr(0, end), pixels);
        if (!number || !(i < 2 ? *number >= 0 : *number > 0)) return std::nullopt;
        sides[i] = *number;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return Box{sides[0], sides[1], sides[2], sides[3]};
}

}  // namespace

std::string picture_id(const std::string& content_id, const PixelBox& part, Size photo) {
    const Box box = normalized(part, photo);
    const auto percent = [](double share) { return rounded(100 * share, percent_steps); };
    return fmt::format("{}{}{}{},{},{},{}", content_id, part_mark, percent_mark, percent(box.x),
                       percent(box.y), percent(box.width), percent(box.height));
}

PictureName parse_picture_name(const std::string& text) {
    const auto mark = text.rfind(part_mark);
    if (mark == std::string::npos) return {text};
    std::string_view sides = std::string_view(text).substr(mark + part_mark.size());
    const bool pixels = !sides.starts_with(percent_mark);
    if (!pixels) sides.remove_prefix(percent_mark.size());
    auto box = box_of(sides, pixels);
    const double most = 100 + 2 / percent_steps;  // both numbers may be rounded
    if (!box || (!pixels && !(box->right() <= most && box->bottom() <= most)))
        throw Error(ErrorCode::bad_argument, "'" + text +
                                                 "' should end in #xywh= and x,y,w,h, whole numbers of "
                                                 "pixels or percent:x,y,w,h of the photo, the last two "
                                                 "above 0");
    if (!pixels) *box = {box->x / 100, box->y / 100, box->width / 100, box->height / 100};
    return {text.substr(0, mark), box, pixels};
}

PixelBox part_in(const PictureName& picture, Size photo) {
    if (!picture.part) return {0, 0, photo.width, photo.height};
    const Box& part = *picture.part;
    if (!picture.pixels) {
        const Span across = pixels_of(part.x, part.width, photo.width);
        const Span down = pixels_of(part.y, part.height, photo.height);
        return {across.start, down.start, across.length, down.length};
    }
    if (part.right() > photo.width || part.bottom() > photo.height)
        throw Error(ErrorCode::bad_data,
                    fmt::format("has {} x {} pixels, and #xywh={},{},{},{} reaches beyond them", photo.width,
                                photo.height, part.x, part.y, part.width, part.height));
    return {static_cast<int>(part.x), static_cast<int>(part.y), static_cast<int>(part.width),
            static_cast<int>(part.height)};
}

}  // namespace piaa::cli
