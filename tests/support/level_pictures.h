#pragma once

#include <algorithm>
#include <cmath>

#include "support/pictures.h"

/// Pictures with straight lines, tilted or not.
namespace piaa::test {

/// A front of a house with rows of windows above a pavement, seen straight on; `tilt`: degrees by which it is
/// turned clockwise about the picture's middle.
inline Image facade(Size size, double tilt) {
    const double c = std::cos(tilt * M_PI / 180), s = std::sin(tilt * M_PI / 180);
    const auto colour_at = [&](double column, double row) {
        const double across = column - size.width / 2.0, down = row - size.height / 2.0;
        const double scale = std::max(size.width, size.height) / 480.0;
        const double x = (c * across + s * down) / scale + 240, y = (c * down - s * across) / scale + 160;
        const auto within = [](double value, double step, double from, double to) {
            const double place = value - step * std::floor(value / step);
            return place >= from && place < to;
        };
        if (y > 270) return Colour{120, 116, 110};
        const bool window = within(x, 60, 18, 44) && within(y, 66, 16, 52) && y > 0;
        return window ? Colour{50, 62, 84} : Colour{206, 186, 150};
    };
    return painted(size, [&](int x, int y) {  // four samples a pixel, or edges are stairs
        int red = 0, green = 0, blue = 0;
        for (const double dy : {0.25, 0.75})
            for (const double dx : {0.25, 0.75}) {
                const Colour colour = colour_at(x + dx, y + dy);
                red += colour.red;
                green += colour.green;
                blue += colour.blue;
            }
        return Colour{red / 4, green / 4, blue / 4};
    });
}

}  // namespace piaa::test
