#include "actions/overlay.h"

#include <algorithm>
#include <cmath>

#include <piaa/heatmap_picture.h>

namespace piaa::plugin {
namespace {

std::uint8_t mixed(double a, double b, double share_of_b) {
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * share_of_b));
}

/// A rectangle of whole pixels inside a picture, with its ends.
struct Area {
    int left, top, right, bottom;
};

Area area_of(const Box& box, Size size) {
    const auto place = [](double share, int length) { return static_cast<int>(std::lround(share * length)); };
    return {place(box.x, size.width), place(box.y, size.height), place(box.right(), size.width),
            place(box.bottom(), size.height)};
}

/// Paints over a picture.
class Painter {
public:
    Painter(std::vector<std::uint8_t>& rgb, Size size) : rgb_(rgb), size_(size) {}

    void fill(const Area& area, Colour colour, double cover) {
        for (int y = std::max(0, area.top); y < std::min(size_.height, area.bottom); ++y)
            for (int x = std::max(0, area.left); x < std::min(size_.width, area.right); ++x) {
                std::uint8_t* pixel = &rgb_[(static_cast<std::size_t>(y) * size_.width + x) * 3];
                pixel[0] = mixed(pixel[0], colour.red, cover);
                pixel[1] = mixed(pixel[1], colour.green, cover);
                pixel[2] = mixed(pixel[2], colour.blue, cover);
            }
    }

    /// Along the inner border of the area.
    void frame(const Area& area, int thickness, Colour colour, double cover = 1) {
        const auto [left, top, right, bottom] = area;
        fill({left, top, right, std::min(bottom, top + thickness)}, colour, cover);
        fill({left, std::max(top, bottom - thickness), right, bottom}, colour, cover);
        fill({left, top + thickness, std::min(right, left + thickness), bottom - thickness}, colour, cover);
        fill({std::max(left, right - thickness), top + thickness, right, bottom - thickness}, colour, cover);
    }

    void fill_outside(const Area& area, Colour colour, double cover) {
        fill({0, 0, size_.width, area.top}, colour, cover);
        fill({0, area.bottom, size_.width, size_.height}, colour, cover);
        fill({0, area.top, area.left, area.bottom}, colour, cover);
        fill({area.right, area.top, size_.width, area.bottom}, colour, cover);
    }

    /// Over all pixels: cover(across, down) tells how much, 0 to 1, at a place along the sides of a turned
    /// rectangle, in pixels from its upper left corner.
    template <typename Cover>
    void fill_turned(const Point& corner, double angle, Colour colour, Cover cover) {
        const double c = std::cos(angle), s = std::sin(angle);
        for (int y = 0; y < size_.height; ++y)
            for (int x = 0; x < size_.width; ++x) {
                const double right = x + 0.5 - corner.x, down = y + 0.5 - corner.y;
                const double much = cover(c * right + s * down, c * down - s * right);
                if (much > 0) fill({x, y, x + 1, y + 1}, colour, much);
            }
    }

private:
    std::vector<std::uint8_t>& rgb_;
    Size size_;
};

/// How far a place lies inside a rectangle.
double depth(const Box& box, double across, double down) {
    return std::min({across - box.x, box.right() - across, down - box.y, box.bottom() - down});
}

/// How much of a pixel at that depth lies deeper than a limit: edges are smooth.
double deeper(double depth, double limit) {
    return std::clamp(depth - limit + 0.5, 0.0, 1.0);
}

}  // namespace

Image fitted(const Image& picture, int side) {
    const double scale = static_cast<double>(side) / std::max(picture.width(), picture.height());
    const auto length = [scale](int pixels) {
        return std::max(1, static_cast<int>(std::lround(pixels * scale)));
    };
    return resized(picture, {length(picture.width()), length(picture.height())});
}

double map_limit(const Heatmap& map, bool fitted) {
    return fitted ? fitted_limit(map) : comparable_limit;
}

OverlayLayer overlay_layer(const Heatmap& map, bool colour, double limit) {
    OverlayLayer layer{"", map.size, heatmap_layer(map, limit), 100};
    if (!colour)
        for (std::size_t i = 0; i < map.values.size(); ++i)
            std::fill_n(&layer.pixels[i * 4], 3, static_cast<std::uint8_t>(map.values[i] > 0 ? 255 : 0));
    return layer;
}

Image under_map(const Image& picture, const std::vector<std::uint8_t>& map, double opacity) {
    std::vector<std::uint8_t> rgb(picture.pixels().begin(), picture.pixels().end());
    for (std::size_t i = 0; i < rgb.size() / 3; ++i) {
        const std::uint8_t* over = &map[i * 4];
        for (int c = 0; c < 3; ++c)
            rgb[i * 3 + c] = mixed(rgb[i * 3 + c], over[c], over[3] / 255.0 * opacity / 100);
    }
    return {picture.size(), std::move(rgb)};
}

void draw_crop(std::vector<std::uint8_t>& rgb, Size size, const Box& crop,
               const std::vector<TextArea>& copy) {
    Painter painter(rgb, size);
    const Area area = area_of(crop, size);
    painter.fill_outside(area, {24, 24, 24}, 0.65);
    for (const TextArea& room : copy) {
        const Area inner = area_of({crop.x + room.box.x * crop.width, crop.y + room.box.y * crop.height,
                                    room.box.width * crop.width, room.box.height * crop.height},
                                   size);
        painter.fill(inner, room.text, 0.35);
        painter.frame(inner, 1, room.text);
    }
    // White inside black is seen on any photo.
    painter.frame({area.left - 1, area.top - 1, area.right + 1, area.bottom + 1}, 1, {0, 0, 0});
    painter.frame(area, 2, {255, 255, 255});
}

void draw_turned_crop(std::vector<std::uint8_t>& rgb, Size size, const std::array<Point, 4>& corners,
                      const std::vector<TextArea>& copy) {
    std::array<Point, 4> at = corners;
    for (Point& corner : at) corner = {corner.x * size.width, corner.y * size.height};
    const Box crop{0, 0, std::hypot(at[1].x - at[0].x, at[1].y - at[0].y),
                   std::hypot(at[3].x - at[0].x, at[3].y - at[0].y)};
    const double angle = std::atan2(at[1].y - at[0].y, at[1].x - at[0].x);
    Painter painter(rgb, size);
    const auto band = [&](const Box& box, double from, double to) {
        return [=](double across, double down) {
            const double deep = depth(box, across, down);
            return deeper(deep, from) - deeper(deep, to);
        };
    };
    painter.fill_turned(at[0], angle, {24, 24, 24}, [&](double across, double down) {
        return 0.65 * (1 - deeper(depth(crop, across, down), 0));
    });
    for (const TextArea& room : copy) {
        const Box inner{room.box.x * crop.width, room.box.y * crop.height, room.box.width * crop.width,
                        room.box.height * crop.height};
        painter.fill_turned(at[0], angle, room.text, [&](double across, double down) {
            return 0.35 * deeper(depth(inner, across, down), 0);
        });
        painter.fill_turned(at[0], angle, room.text, band(inner, 0, 1));
    }
    painter.fill_turned(at[0], angle, {0, 0, 0}, band(crop, -1, 0));
    painter.fill_turned(at[0], angle, {255, 255, 255}, band(crop, 0, 2));
}

void draw_kept(std::vector<std::uint8_t>& rgb, Size size, const Box& kept) {
    Painter painter(rgb, size);
    const Area area = area_of(kept, size);
    painter.frame({area.left - 1, area.top - 1, area.right + 1, area.bottom + 1}, 4, {0, 0, 0}, 0.6);
    painter.frame(area, 2, {120, 255, 120});
}

}  // namespace piaa::plugin
