#include "photos/heif_colour.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "photos/file_boxes.h"
#include "photos/hevc_colour.h"

namespace piaa::cli {
namespace {

using Bytes = std::span<const std::byte>;

/// The numbers, from 1, of the properties that belong to the primary picture.
std::vector<std::size_t> primary_properties(Bytes meta, Bytes properties) {
    Bytes pitm = find_box(meta, box_name("pitm")), ipma = find_box(properties, box_name("ipma"));
    const bool long_primary = take_number(pitm, 4) >> 24 != 0;
    const auto primary = take_number(pitm, long_primary ? 4 : 2);
    const auto head = take_number(ipma, 4);
    const bool long_item = head >> 24 != 0, long_index = (head & 1) != 0;
    std::vector<std::size_t> indices;
    for (auto items = take_number(ipma, 4); items > 0 && !ipma.empty(); --items) {
        const bool wanted = take_number(ipma, long_item ? 4 : 2) == primary;
        for (auto count = take_number(ipma, 1); count > 0; --count) {
            const auto index = take_number(ipma, long_index ? 2 : 1) & (long_index ? 0x7FFF : 0x7F);
            if (wanted) indices.push_back(index);
        }
    }
    return indices;
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

/// A display of 1000 cd/m2 shows HLG with a gamma of 1.2 on its luminance (ITU-R BT.2100).
Rgb shown_by_hlg(const Rgb& scene, bool bt2020) {
    const float luminance = bt2020 ? 0.2627F * scene[0] + 0.678F * scene[1] + 0.0593F * scene[2]
                                   : 0.2126F * scene[0] + 0.7152F * scene[1] + 0.0722F * scene[2];
    const float light = luminance > 0 ? 1000 * std::pow(luminance, 0.2F) : 0;
    return {scene[0] * light, scene[1] * light, scene[2] * light};
}

std::uint8_t srgb_of(float linear) {
    const float light = std::clamp(linear, 0.0F, 1.0F);
    const float curve = light <= 0.0031308F ? 12.92F * light : 1.055F * std::pow(light, 1 / 2.4F) - 0.055F;
    return static_cast<std::uint8_t>(std::lround(255 * curve));
}

}  // namespace

HeifColour heif_colour(Bytes file) {
    Bytes meta = find_box(file, box_name("meta"));
    take_number(meta, 4);
    const Bytes properties = find_box(meta, box_name("iprp"));
    const auto wanted = primary_properties(meta, properties);
    Bytes container = find_box(properties, box_name("ipco"));
    CodedColour said;
    bool profile = false;
    Bytes configuration;
    for (std::size_t index = 1; const auto box = next_box(container); ++index) {
        const bool of_primary = std::find(wanted.begin(), wanted.end(), index) != wanted.end();
        // A picture of tiles has no bitstream of its own; one tile's speaks for it.
        if (box->type == box_name("hvcC") && (of_primary || configuration.empty()))
            configuration = box->content;
        if (box->type != box_name("colr") || !of_primary) continue;
        Bytes colour = box->content;
        if (take_number(colour, 4) != box_name("nclx") || colour.size() < 6) {
            profile = true;
            continue;
        }
        said.primaries = static_cast<unsigned>(take_number(colour, 2));
        said.transfer = static_cast<unsigned>(take_number(colour, 2));
    }
    constexpr unsigned unspecified = 2;
    if (said.transfer == unspecified && !profile)
        said = colour_of_hevc(configuration).value_or(CodedColour());
    HeifColour colour;
    colour.bt2020 = said.primaries == 9;
    if (said.transfer == 16) colour.light = HeifColour::Light::pq;
    if (said.transfer == 18) colour.light = HeifColour::Light::hlg;
    if (said.transfer == unspecified && !profile && !wanted.empty()) colour.light = HeifColour::Light::unsaid;
    return colour;
}

bool looks_like_pq(std::span<const std::uint16_t> pixels) {
    constexpr std::size_t levels = 1000;
    std::array<std::size_t, levels + 1> count{};
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3)
        ++count[std::max({pixels[i], pixels[i + 1], pixels[i + 2]}) * levels / 65535];
    std::size_t brighter = pixels.size() / 3 / 1000, level = levels;
    while (level > 0 && count[level] <= brighter) brighter -= count[level--];
    return level >= 450 && level <= 610;
}

std::vector<std::uint8_t> hdr_to_srgb(std::span<const std::uint16_t> pixels, const HeifColour& colour) {
    constexpr float white = 203, knee = 0.75F;
    constexpr std::array<Rgb, 3> to_bt709 = {
        {{1.6605F, -0.5876F, -0.0728F}, {-0.1246F, 1.1329F, -0.0083F}, {-0.0182F, -0.1006F, 1.1187F}}};
    const bool hlg = colour.light == HeifColour::Light::hlg;
    const auto& light = hlg ? scene_of_hlg() : light_of_pq();
    std::vector<std::uint8_t> result(pixels.size());
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
        Rgb rgb = {light[pixels[i]], light[pixels[i + 1]], light[pixels[i + 2]]};
        if (hlg) rgb = shown_by_hlg(rgb, colour.bt2020);
        for (auto& channel : rgb) channel /= white;
        if (colour.bt2020) {
            const Rgb wide = rgb;
            for (std::size_t c = 0; c < 3; ++c)
                rgb[c] = to_bt709[c][0] * wide[0] + to_bt709[c][1] * wide[1] + to_bt709[c][2] * wide[2];
        }
        const float largest = std::max({rgb[0], rgb[1], rgb[2]});
        const float shown =
            largest <= knee ? largest : knee + (1 - knee) * (1 - std::exp((knee - largest) / (1 - knee)));
        for (std::size_t c = 0; c < 3; ++c)
            result[i + c] = srgb_of(largest > 0 ? rgb[c] * shown / largest : 0);
    }
    return result;
}

}  // namespace piaa::cli
