#include "support/dng.h"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace piaa::test {
namespace {

std::string number(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
    return text;
}

std::string fractions(const std::vector<double>& values) {
    std::string text;
    for (const double value : values)
        text += number(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 10000))), 4) +
                number(10000, 4);
    return text;
}

enum Type { byte = 1, ascii = 2, word = 3, dword = 4, rational = 5, signed_rational = 10 };

struct Entry {
    int tag;
    Type type;
    std::uint32_t count;
    std::string value;
};

/// A TIFF directory that starts at `at`, its longer values after it.
std::string directory(const std::vector<Entry>& entries, std::size_t at) {
    std::string head = number(static_cast<std::uint32_t>(entries.size()), 2), values;
    const std::size_t values_at = at + 2 + 12 * entries.size() + 4;
    for (const auto& entry : entries) {
        head += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4);
        if (entry.value.size() <= 4) {
            head += entry.value + std::string(4 - entry.value.size(), '\0');
        } else {
            head += number(static_cast<std::uint32_t>(values_at + values.size()), 4);
            values += entry.value + (entry.value.size() % 2 ? std::string(1, '\0') : "");
        }
    }
    return head + number(0, 4) + values;
}

double linear(int value) {
    const double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

std::string sensor_pixels(const Image& picture) {
    std::string pixels;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) {
            const int channel = y % 2 + x % 2;  // red, green; green, blue
            pixels += number(static_cast<std::uint32_t>(60000 * linear(picture.at(x, y)[channel])), 2);
        }
    return pixels;
}

}  // namespace

std::string dng_bytes(const Image& picture, const std::string& preview_jpeg, Size preview, int orientation) {
    const std::string pixels = sensor_pixels(picture);
    const std::size_t pixels_at = 8, preview_at = pixels_at + pixels.size();
    const std::size_t raw_at = (preview_at + preview_jpeg.size() + 1) / 2 * 2;
    const auto w = [](int value) { return number(static_cast<std::uint32_t>(value), 2); };
    const auto d = [](std::size_t value) { return number(static_cast<std::uint32_t>(value), 4); };

    const std::string raw = directory({{254, dword, 1, d(0)},
                                       {256, dword, 1, d(picture.width())},
                                       {257, dword, 1, d(picture.height())},
                                       {258, word, 1, w(16)},
                                       {259, word, 1, w(1)},
                                       {262, word, 1, w(32803)},
                                       {273, dword, 1, d(pixels_at)},
                                       {277, word, 1, w(1)},
                                       {278, dword, 1, d(picture.height())},
                                       {279, dword, 1, d(pixels.size())},
                                       {33421, word, 2, w(2) + w(2)},
                                       {33422, byte, 4, std::string("\0\1\1\2", 4)},
                                       {50714, word, 1, w(0)},
                                       {50717, dword, 1, d(60000)}},
                                      raw_at);
    const std::size_t main_at = raw_at + raw.size();
    std::vector<Entry> main = {{254, dword, 1, d(1)}};
    if (!preview_jpeg.empty())
        main.insert(main.end(), {{256, dword, 1, d(preview.width)},
                                 {257, dword, 1, d(preview.height)},
                                 {258, word, 3, w(8) + w(8) + w(8)},
                                 {259, word, 1, w(7)},
                                 {262, word, 1, w(6)}});
    main.push_back({271, ascii, 5, std::string("Piaa\0", 5)});
    main.push_back({272, ascii, 5, std::string("Test\0", 5)});
    if (!preview_jpeg.empty()) main.push_back({273, dword, 1, d(preview_at)});
    main.push_back({274, word, 1, w(orientation)});
    if (!preview_jpeg.empty())
        main.insert(main.end(), {{277, word, 1, w(3)},
                                 {278, dword, 1, d(preview.height)},
                                 {279, dword, 1, d(preview_jpeg.size())}});
    main.push_back({330, dword, 1, d(raw_at)});
    main.push_back({50706, byte, 4, std::string("\1\4\0\0", 4)});
    main.push_back({50708, ascii, 10, std::string("Piaa Test\0", 10)});
    // From XYZ to linear sRGB: the sensor sees as a screen shows.
    main.push_back({50721, signed_rational, 9,
                    fractions({3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570})});
    main.push_back({50728, rational, 3, fractions({1, 1, 1})});
    main.push_back({50778, word, 1, w(21)});  // D65
    std::string file = "II" + w(42) + d(main_at) + pixels + preview_jpeg;
    file.resize(raw_at, '\0');
    return file + raw + directory(main, main_at);
}

}  // namespace piaa::test
