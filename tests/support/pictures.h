#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include <piaa/image.h>

/// Pictures whose properties are known by construction.
namespace piaa::test {

struct Colour {
    int red = 0;
    int green = 0;
    int blue = 0;
};

inline Image painted(Size size, const std::function<Colour(int x, int y)>& colour_at) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const Colour colour = colour_at(x, y);
            for (const int value : {colour.red, colour.green, colour.blue})
                pixels.push_back(static_cast<std::uint8_t>(value));
        }
    return {size, std::move(pixels)};
}

inline Image plain(Size size, Colour colour) {
    return painted(size, [colour](int, int) { return colour; });
}

inline Image random_pixels(Size size) {
    std::mt19937 random(1);
    return painted(size, [&random](int, int) {
        const auto value = [&random] { return static_cast<int>(random() % 256); };
        return Colour{value(), value(), value()};
    });
}

/// Left and right exchanged.
inline Image flipped(const Image& image) {
    return painted(image.size(), [&image](int x, int y) {
        const std::uint8_t* pixel = image.at(image.width() - 1 - x, y);
        return Colour{pixel[0], pixel[1], pixel[2]};
    });
}

/// A disc on a ground; centre and radius as shares of the width and height.
inline Image disc(Size size, double x, double y, double radius, Colour ground, Colour colour) {
    return painted(size, [=](int column, int row) {
        const double across = (column + 0.5) / size.width - x;
        const double down = (row + 0.5) / size.height - y;
        return across * across + down * down < radius * radius ? colour : ground;
    });
}

}  // namespace piaa::test
