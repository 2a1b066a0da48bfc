#include "crops/crop_format.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>

#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/preset.h>

namespace piaa::cli {

Box BoxArgument::in(Size picture) const {
    Box result = box;
    if (pixels) {
        result.x /= picture.width;
        result.width /= picture.width;
        result.y /= picture.height;
        result.height /= picture.height;
    }
    result.width = std::min(result.width, 1.0 - result.x);
    result.height = std::min(result.height, 1.0 - result.y);
    if (result.width <= 0 || result.height <= 0)
        throw Error(ErrorCode::bad_argument, "a box to keep lies outside the photo of " +
                                                 std::to_string(picture.width) + "x" +
                                                 std::to_string(picture.height) + " pixels");
    return result;
}

BoxArgument parse_box(const std::string& text) {
    BoxArgument argument;
    Box& box = argument.box;
    int used = 0;
    const int found =
        std::sscanf(text.c_str(), "%lf,%lf,%lf,%lf%n", &box.x, &box.y, &box.width, &box.height, &used);
    if (found != 4 || used != static_cast<int>(text.size()) || !(box.x >= 0) || !(box.y >= 0) ||
        !(box.width > 0) || !(box.height > 0) || !(box.right() < 1e9) || !(box.bottom() < 1e9))
        throw Error(ErrorCode::bad_argument,
                    "box '" + text + "' should be x,y,width,height, as 0.2,0.1,0.5,0.5");
    argument.pixels = std::max({box.x, box.y, box.width, box.height}) > 1;
    if (argument.pixels && std::min(box.width, box.height) < 1)
        throw Error(
            ErrorCode::bad_argument,
            "box '" + text +
                "' is in pixels, as a number is above 1, and less than one wide or high; shares of the "
                "photo go from 0 to 1");
    return argument;
}

Size parse_size(const std::string& text) {
    Size size;
    int used = 0;
    const int found = std::sscanf(text.c_str(), "%6dx%6d%n", &size.width, &size.height, &used);
    if (found != 2 || used != static_cast<int>(text.size()) || size.width < 1 || size.height < 1)
        throw Error(ErrorCode::bad_argument, "size '" + text + "' should be widthxheight, as 1080x1350");
    return size;
}

Box part_of(const Box& whole, const Box& part) {
    return {whole.x + part.x * whole.width, whole.y + part.y * whole.height, part.width * whole.width,
            part.height * whole.height};
}

Colour parse_colour(const std::string& text) {
    std::string digits = text.starts_with('#') ? text.substr(1) : text;
    if (digits.size() == 3) digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
    unsigned red = 0, green = 0, blue = 0;
    const bool all_digits =
        std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isxdigit(c); });
    if (digits.size() != 6 || !all_digits ||
        std::sscanf(digits.c_str(), "%2x%2x%2x", &red, &green, &blue) != 3)
        throw Error(ErrorCode::bad_argument,
                    "colour '" + text + "' should be six hexadecimal digits, as #1a2b3c");
    return {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
            static_cast<std::uint8_t>(blue)};
}

std::string hex(const Colour& colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

std::vector<CropFormat> crop_formats(const std::vector<std::string>& presets,
                                     const std::vector<std::string>& aspects, bool upscale) {
    std::vector<CropFormat> formats;
    const auto add = [&](CropFormat format) {  // once, though it be named twice: its crops are called by it
        const auto same = [&](const CropFormat& other) { return other.name == format.name; };
        if (std::none_of(formats.begin(), formats.end(), same)) formats.push_back(std::move(format));
    };
    for (const std::string& name : presets) {
        const Preset preset = find_preset(name);
        add({preset.name, piaa::crop_options(preset, upscale), preset.size});
    }
    for (const std::string& aspect : aspects) {
        CropFormat format{aspect, {}, {}};
        format.options.aspect = parse_aspect(aspect);
        add(std::move(format));
    }
    if (formats.empty()) formats.push_back({"free", {}, {}});
    return formats;
}

}  // namespace piaa::cli
