#include "photos/picture_colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include <piaa/srgb.h>

#include "photos/file_boxes.h"
#include "photos/heif_colour.h"
#include "photos/icc_profile.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;
using Light = PictureColour::Light;
using Gamut = PictureColour::Gamut;

constexpr float white = 203;  ///< cd/m2 of white paper

constexpr unsigned linear_transfer = 8;

/// What the chunks of a PNG before its pixels say: code points, or that its light is linear.
std::optional<CodedColour> colour_of_png(Bytes file) {
    std::optional<CodedColour> by_gamma;
    bool profile = false;
    take_number(file, 8);
    while (!file.empty()) {
        const auto length = take_number(file, 4);
        const auto type = static_cast<std::uint32_t>(take_number(file, 4));
        if (type == box_name("IDAT") || length + 4 > file.size()) break;
        Bytes content = file.first(length);
        if (type == box_name("cICP") && length == 4) {
            CodedColour colour;
            colour.primaries = static_cast<unsigned>(take_number(content, 1));
            colour.transfer = static_cast<unsigned>(take_number(content, 1));
            return colour;
        }
        if (type == box_name("iCCP") || type == box_name("sRGB")) profile = true;
        if (type == box_name("gAMA") && take_number(content, 4) == 100'000) {
            by_gamma.emplace();
            by_gamma->transfer = linear_transfer;
        }
        file = file.subspan(length + 4);
    }
    return profile ? std::nullopt : by_gamma;
}

/// Light in cd/m2 for each 16-bit number of PQ.
const std::vector<float>& light_of_pq() {
    static const std::vector<float> table = [] {
        constexpr double m1 = 2610 / 16384.0, m2 = 2523 / 32.0, c1 = 3424 / 4096.0, c2 = 2413 / 128.0,
                         c3 = 2392 / 128.0;
        std::vector<float> light(65536);
        for (std::size_t i = 0; i < light.size(); ++i) {
            const double root = std::pow(static_cast<double>(i) / 65535, 1 / m2);
            light[i] =
                static_cast<float>(1e4 * std::pow(std::max(root - c1, 0.0) / (c2 - c3 * root), 1 / m1));
        }
        return light;
    }();
    return table;
}

/// Light in cd/m2 for each 16-bit number of sRGB.
const std::vector<float>& usual_light() {
    static const std::vector<float> table = [] {
        std::vector<float> light(65536);
        for (std::size_t i = 0; i < light.size(); ++i)
            light[i] = white * static_cast<float>(light_of_srgb(static_cast<double>(i) / 65535));
        return light;
    }();
    return table;
}

const std::vector<float>& linear_light() {
    static const std::vector<float> table = [] {
        std::vector<float> light(65536);
        for (std::size_t i = 0; i < light.size(); ++i) light[i] = white * static_cast<float>(i) / 65535;
        return light;
    }();
    return table;
}

/// Light of the scene, 0 to 1, for each 16-bit number of HLG.
const std::vector<float>& scene_of_hlg() {
    static const std::vector<float> table = [] {
        constexpr double a = 0.17883277, b = 1 - 4 * a, c = 0.55991073;
        std::vector<float> light(65536);
        for (std::size_t i = 0; i < light.size(); ++i) {
            const double value = static_cast<double>(i) / 65535;
            light[i] =
                static_cast<float>(value <= 0.5 ? value * value / 3 : (std::exp((value - c) / a) + b) / 12);
        }
        return light;
    }();
    return table;
}

using Rgb = std::array<float, 3>;

/// Luminance of the primaries.
constexpr Rgb luminance_of(PictureColour::Gamut gamut) {
    switch (gamut) {
        case PictureColour::Gamut::p3:
            return {0.229F, 0.6917F, 0.0793F};
        case PictureColour::Gamut::bt2020:
            return {0.2627F, 0.678F, 0.0593F};
        default:
            return {0.2126F, 0.7152F, 0.0722F};
    }
}

/// A display of 1000 cd/m2 shows HLG with a gamma of 1.2 on its luminance (ITU-R BT.2100).
Rgb shown_by_hlg(const Rgb& scene, const Rgb& weights) {
    const float luminance = weights[0] * scene[0] + weights[1] * scene[1] + weights[2] * scene[2];
    const float light = luminance > 0 ? 1000 * std::pow(luminance, 0.2F) : 0;
    return {scene[0] * light, scene[1] * light, scene[2] * light};
}

using Matrix = std::array<Rgb, 3>;

/// To the primaries of BT.709 and sRGB, of linear light.
constexpr Matrix to_bt709(PictureColour::Gamut gamut) {
    switch (gamut) {
        case PictureColour::Gamut::p3:
            return {{{1.2249F, -0.2247F, 0}, {-0.0421F, 1.0420F, 0}, {-0.0196F, -0.0786F, 1.0979F}}};
        case PictureColour::Gamut::bt2020:
            return {{{1.6605F, -0.5876F, -0.0728F},
                     {-0.1246F, 1.1329F, -0.0083F},
                     {-0.0182F, -0.1006F, 1.1187F}}};
        default:
            return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    }
}

std::uint8_t srgb_of(float linear) {
    const float light = std::clamp(linear, 0.0F, 1.0F);
    const float curve = light <= 0.0031308F ? 12.92F * light : 1.055F * std::pow(light, 1 / 2.4F) - 0.055F;
    return static_cast<std::uint8_t>(std::lround(255 * curve));
}

/// Interleaved linear light in the primaries of sRGB; white paper has 1.
std::vector<float> light_in_bt709(std::span<const std::uint16_t> pixels, const PictureColour& colour) {
    const auto& light = colour.light == Light::hlg      ? scene_of_hlg()
                        : colour.light == Light::pq     ? light_of_pq()
                        : colour.light == Light::linear ? linear_light()
                                                        : usual_light();
    const Rgb weights = luminance_of(colour.gamut);
    const Matrix matrix = to_bt709(colour.gamut);
    std::vector<float> result(pixels.size());
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
        Rgb wide = {light[pixels[i]], light[pixels[i + 1]], light[pixels[i + 2]]};
        if (colour.light == Light::hlg) wide = shown_by_hlg(wide, weights);
        for (std::size_t c = 0; c < 3; ++c)
            result[i + c] =
                (matrix[c][0] * wide[0] + matrix[c][1] * wide[1] + matrix[c][2] * wide[2]) / white;
    }
    return result;
}

/// The largest channel of the brightest thousandth of the pixels: single ones are often damaged.
float brightest(const std::vector<float>& light) {
    std::vector<float> largest;
    largest.reserve(light.size() / 3);
    for (std::size_t i = 0; i + 2 < light.size(); i += 3)
        largest.push_back(std::max({light[i], light[i + 1], light[i + 2]}));
    if (largest.empty()) return 0;
    const auto place = largest.end() - 1 - static_cast<std::ptrdiff_t>(largest.size() / 1000);
    std::nth_element(largest.begin(), place, largest.end());
    return *place;
}

/// Brings light up to `brightest` below white: a curve that leaves half of white's light where it is, goes
/// on with the same slope and reaches white there.
float below_white(float light, float brightest) {
    constexpr float knee = 0.5F, room = 1 - knee;
    if (brightest <= 1 || light <= knee) return light;
    const float above = (light - knee) / room, most = (brightest - knee) / room;
    return knee + room * above / (1 + above * (most - 1) / most);
}

}  // namespace

PictureColour picture_colour(const CodedColour& coded) {
    PictureColour colour;
    if (coded.primaries == 9) colour.gamut = Gamut::bt2020;
    if (coded.primaries == 11 || coded.primaries == 12) colour.gamut = Gamut::p3;
    if (coded.transfer == linear_transfer) colour.light = Light::linear;
    if (coded.transfer == 16) colour.light = Light::pq;
    if (coded.transfer == 18) colour.light = Light::hlg;
    return colour;
}

PictureColour picture_colour(ImageFormat format, Bytes file) {
    if (format == ImageFormat::heif) return heif_colour(file);
    if (format != ImageFormat::png) return {};
    return picture_colour(colour_of_png(file).value_or(CodedColour()));
}

PictureColour colour_of_profile(Bytes profile) {
    const auto coded = coded_colour_of_profile(profile);
    const PictureColour colour = picture_colour(coded.value_or(CodedColour()));
    return is_hdr(colour) ? colour : PictureColour();
}

bool is_hdr(const PictureColour& colour) {
    return colour.light == Light::pq || colour.light == Light::hlg;
}

bool looks_like_pq(std::span<const std::uint16_t> pixels) {
    constexpr std::size_t levels = 1000;
    std::array<std::size_t, levels + 1> count{};
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3)
        ++count[std::max({pixels[i], pixels[i + 1], pixels[i + 2]}) * levels / 65535];
    const auto level_below = [&](std::size_t brighter) {
        std::size_t level = levels;
        while (level > 0 && count[level] <= brighter) brighter -= count[level--];
        return level;
    };
    const std::size_t all = pixels.size() / 3, top = level_below(all / 1000), middle = level_below(all / 2);
    return top >= 450 && (top <= 610 || (top <= 770 && middle >= 300));
}

std::vector<std::uint8_t> shown_in_srgb(std::span<const std::uint16_t> pixels, const PictureColour& colour) {
    const auto light = light_in_bt709(pixels, colour);
    const float most = is_hdr(colour) ? brightest(light) : 1;
    std::vector<std::uint8_t> result(pixels.size());
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
        const float largest = std::max({light[i], light[i + 1], light[i + 2]});
        const float share = largest > 0 ? below_white(largest, most) / largest : 0;
        for (std::size_t c = 0; c < 3; ++c) result[i + c] = srgb_of(light[i + c] * share);
    }
    return result;
}

}  // namespace piaa::cli
