#pragma once

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// A rectangle as shares of the width and height of what it lies in: 0 left or top, 1 right or bottom.
struct Box {
    double x = 0;
    double y = 0;
    double width = 1;
    double height = 1;

    double right() const { return x + width; }
    double bottom() const { return y + height; }
    double area() const { return width * height; }
    bool operator==(const Box&) const = default;
};

/// A rectangle of whole pixels.
struct PixelBox {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const PixelBox&) const = default;
};

struct Point {
    double x = 0.5;
    double y = 0.5;
};

/// Area of the overlap divided by the area of the union, 0 to 1.
PIAA_API double overlap(const Box& a, const Box& b);

PIAA_API Box normalized(const PixelBox& box, Size photo);

/// The box in the middle that keeps this share of both sides.
PIAA_API Box centre_box(double share);

}  // namespace piaa
