#include "actions/viewport.h"

#include <algorithm>
#include <cmath>

namespace piaa::plugin {
namespace {

constexpr double most_zoom = 8;

int whole(double value) {
    return static_cast<int>(std::lround(value));
}

}  // namespace

/// Pixels of the widget for a pixel of the photo.
double Viewport::scale() const {
    return zoom_ * std::min(static_cast<double>(room_.width) / photo_.width,
                            static_cast<double>(room_.height) / photo_.height);
}

Box Viewport::part() const {
    const double width = std::min(1.0, room_.width / (scale() * photo_.width));
    const double height = std::min(1.0, room_.height / (scale() * photo_.height));
    return {centre_.x - width / 2, centre_.y - height / 2, width, height};
}

PixelBox Viewport::place() const {
    const Box seen = part();
    const int width = std::clamp(whole(seen.width * photo_.width * scale()), 1, room_.width);
    const int height = std::clamp(whole(seen.height * photo_.height * scale()), 1, room_.height);
    return {(room_.width - width) / 2, (room_.height - height) / 2, width, height};
}

Point Viewport::in_widget(const Point& photo) const {
    const Box seen = part();
    const PixelBox drawn = place();
    return {drawn.x + (photo.x - seen.x) / seen.width * drawn.width,
            drawn.y + (photo.y - seen.y) / seen.height * drawn.height};
}

Point Viewport::in_photo(const Point& widget) const {
    const Box seen = part();
    const PixelBox drawn = place();
    return {std::clamp(seen.x + (widget.x - drawn.x) / drawn.width * seen.width, 0.0, 1.0),
            std::clamp(seen.y + (widget.y - drawn.y) / drawn.height * seen.height, 0.0, 1.0)};
}

void Viewport::set_room(Size room) {
    room_ = {std::max(1, room.width), std::max(1, room.height)};
    settle();
}

void Viewport::set_photo(Size photo) {
    photo_ = photo;
    see_all();
}

void Viewport::zoom_by(double factor, const Point& widget) {
    const Point under = in_photo(widget);
    zoom_ = std::clamp(zoom_ * factor, 1.0, most_zoom);
    settle();
    const Point now = in_widget(under);
    move_by(widget.x - now.x, widget.y - now.y);
}

void Viewport::move_by(double right, double down) {
    centre_.x -= right / (scale() * photo_.width);
    centre_.y -= down / (scale() * photo_.height);
    settle();
}

void Viewport::see_all() {
    zoom_ = 1;
    settle();
}

/// Nothing beyond the photo's borders is seen.
void Viewport::settle() {
    const Box seen = part();
    centre_ = {std::clamp(centre_.x, seen.width / 2, 1 - seen.width / 2),
               std::clamp(centre_.y, seen.height / 2, 1 - seen.height / 2)};
}

std::vector<std::uint8_t> part_of(const std::vector<std::uint8_t>& pixels, Size size, int channels,
                                  const Box& part, Size wanted) {
    std::vector<std::uint8_t> result(static_cast<std::size_t>(wanted.width) * wanted.height * channels);
    const auto place = [](double at, int length) { return std::clamp(at - 0.5, 0.0, length - 1.0); };
    std::uint8_t* to = result.data();
    for (int y = 0; y < wanted.height; ++y) {
        const double row =
            place((part.y + (y + 0.5) / wanted.height * part.height) * size.height, size.height);
        const int top = static_cast<int>(row);
        const std::uint8_t* upper = &pixels[static_cast<std::size_t>(top) * size.width * channels];
        const std::uint8_t* lower =
            &pixels[static_cast<std::size_t>(std::min(top + 1, size.height - 1)) * size.width * channels];
        for (int x = 0; x < wanted.width; ++x) {
            const double column =
                place((part.x + (x + 0.5) / wanted.width * part.width) * size.width, size.width);
            const int left = static_cast<int>(column) * channels;
            const int right = std::min(static_cast<int>(column) + 1, size.width - 1) * channels;
            const double across = column - static_cast<int>(column);
            const double down = row - top;
            for (int c = 0; c < channels; ++c) {
                const double above = upper[left + c] + (upper[right + c] - upper[left + c]) * across;
                const double below = lower[left + c] + (lower[right + c] - lower[left + c]) * across;
                *to++ = static_cast<std::uint8_t>(above + (below - above) * down + 0.5);
            }
        }
    }
    return result;
}

Image part_of(const Image& picture, const Box& part, Size wanted) {
    const auto clamped = [](double share, int length, int low) {
        return std::clamp(static_cast<int>(std::lround(share * length)), low, length);
    };
    const int left = std::min(clamped(part.x, picture.width(), 0), picture.width() - 1);
    const int top = std::min(clamped(part.y, picture.height(), 0), picture.height() - 1);
    const int width = clamped(part.right(), picture.width(), std::min(left + 1, picture.width())) - left;
    const int height = clamped(part.bottom(), picture.height(), std::min(top + 1, picture.height())) - top;
    if (width == picture.width() && height == picture.height()) return resized(picture, wanted);
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(width) * height * 3);
    for (int y = top; y < top + height; ++y)
        pixels.insert(pixels.end(), picture.at(left, y), picture.at(left, y) + width * 3);
    return resized({{width, height}, std::move(pixels)}, wanted);
}

}  // namespace piaa::plugin
