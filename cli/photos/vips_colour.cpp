#include "photos/vips_colour.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <piaa/error.h>

#include "photos/icc_profile.h"

namespace piaa::cli {

using vips::VImage;

namespace {

std::span<const std::byte> profile_of(const VImage& image) {
    std::size_t length = 0;
    const auto* profile = static_cast<const std::byte*>(image.get_blob(VIPS_META_ICC_NAME, &length));
    return {profile, length};
}

/// What is white among floats: 1, unless most are far beyond: then they were whole numbers once. The picture
/// has to be in memory.
double white_of(const VImage& floats) {
    const auto* numbers = static_cast<const float*>(floats.data());
    const auto count = static_cast<std::size_t>(floats.width()) * floats.height() * floats.bands();
    double sum = 0, most = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(numbers[i])) continue;
        sum += numbers[i];
        most = std::max<double>(most, numbers[i]);
    }
    if (sum < 8.0 * static_cast<double>(count)) return 1;
    for (const double white : {255.0, 65535.0})
        if (most <= white) return white;
    throw Error(ErrorCode::bad_image, "has floats up to " + std::to_string(std::llround(most)) +
                                          " and should have them from 0 to 1, to 255 or to 65535");
}

/// 0 to 1 along the curve of a profile, or of grey, or of what were whole numbers; only RGB without a profile
/// is linear light.
VImage usual_floats(const VImage& image) {
    const double white = white_of(image);
    const bool grey = image.bands() < 3;
    if (!grey && white == 1 && image.get_typeof(VIPS_META_ICC_NAME) == 0) return image;
    const auto sixteen = grey ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
    return (image * (65535 / white))
        .cast(VIPS_FORMAT_USHORT)
        .copy(VImage::option()->set("interpretation", sixteen));
}

}  // namespace

VImage with_usual_numbers(VImage image) {
    if (image.coding() == VIPS_CODING_LABQ) return image.LabQ2Lab();
    const auto kind = image.interpretation();
    if (kind == VIPS_INTERPRETATION_LAB || kind == VIPS_INTERPRETATION_LABS) return image;
    switch (image.format()) {
        case VIPS_FORMAT_UCHAR:
        case VIPS_FORMAT_USHORT:
            return image;
        case VIPS_FORMAT_FLOAT:
        case VIPS_FORMAT_DOUBLE:
            break;
        default:
            throw Error(ErrorCode::bad_image, std::string("has pixels of the kind '") +
                                                  vips_enum_nick(VIPS_TYPE_BAND_FORMAT, image.format()) +
                                                  "' and should have 8 or 16 bits without a sign, or floats");
    }
    return usual_floats(image.cast(VIPS_FORMAT_FLOAT).copy_memory());
}

PictureColour colour_of(const VImage& image, PictureColour said) {
    using Light = PictureColour::Light;
    const bool wide = image.format() == VIPS_FORMAT_USHORT;
    const bool grey = image.bands() == 1 && (is_hdr(said) || said.light == Light::linear);
    if ((!wide && image.format() != VIPS_FORMAT_UCHAR) || (image.bands() != 3 && !grey)) return {};
    if (image.get_typeof(VIPS_META_ICC_NAME) != 0)
        return is_hdr(said) ? said : colour_of_profile(profile_of(image));
    return said.light == Light::unsaid && !wide ? PictureColour() : said;
}

VImage tone_mapped(const VImage& image, PictureColour colour) {
    using Light = PictureColour::Light;
    using Gamut = PictureColour::Gamut;
    colour = colour_of(image, colour);
    if (colour.light == Light::usual && colour.gamut == Gamut::bt709) return image;
    std::size_t length = 0;
    const VImage colours = image.bands() == 1 ? VImage::bandjoin(std::vector<VImage>(3, image)) : image;
    const VImage sixteen =
        image.format() == VIPS_FORMAT_USHORT ? colours : (colours * 257.0).cast(VIPS_FORMAT_USHORT);
    const std::unique_ptr<void, void (*)(void*)> memory(sixteen.write_to_memory(&length), g_free);
    const std::span pixels(static_cast<const std::uint16_t*>(memory.get()), length / 2);
    if (colour.light == Light::unsaid) {
        if (!looks_like_pq(pixels)) return image;
        colour = {Light::pq, Gamut::bt2020};
    }
    const auto shown = shown_in_srgb(pixels, colour);
    // copy_memory() would not copy: to libvips the numbers are in memory already.
    return VImage(vips_image_new_from_memory_copy(shown.data(), shown.size(), image.width(), image.height(),
                                                  3, VIPS_FORMAT_UCHAR))
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

VImage without_transparency(VImage image) {
    if (!image.has_alpha()) return image;
    const auto kind = image.interpretation();
    const double white = kind == VIPS_INTERPRETATION_RGB16 || kind == VIPS_INTERPRETATION_GREY16 ? 65535
                         : image.format() == VIPS_FORMAT_FLOAT                                   ? 1
                                                                                                 : 255;
    return image.flatten(VImage::option()
                             ->set("background", std::vector<double>(image.bands() - 1, white))
                             ->set("max_alpha", white));
}

VImage in_srgb(VImage image) {
    if (image.interpretation() == VIPS_INTERPRETATION_MULTIBAND)
        image =
            image.extract_band(0, VImage::option()->set("n", image.bands() >= 3 ? 3 : 1))
                .copy(VImage::option()->set("interpretation", image.bands() >= 3 ? VIPS_INTERPRETATION_sRGB
                                                                                 : VIPS_INTERPRETATION_B_W));
    bool converted = false;
    if (image.get_typeof(VIPS_META_ICC_NAME) != 0) {
        if (!is_srgb_profile(profile_of(image))) {
            try {
                image = image.icc_transform(
                    "srgb", VImage::option()->set("embedded", true)->set("intent", VIPS_INTENT_RELATIVE));
                converted = true;
            } catch (
                const vips::VError&) {  // a profile that does not fit the pixels: as if it were not there
                vips_error_clear();
            }
        }
    }
    if (!converted && image.interpretation() == VIPS_INTERPRETATION_CMYK)
        image = image.icc_transform("srgb", VImage::option()->set("input_profile", "cmyk"));
    if (image.interpretation() != VIPS_INTERPRETATION_sRGB)
        image = image.colourspace(VIPS_INTERPRETATION_sRGB);
    if (image.format() != VIPS_FORMAT_UCHAR) image = image.cast(VIPS_FORMAT_UCHAR);
    if (image.bands() < 3) image = VImage::bandjoin(std::vector<VImage>(3, image.extract_band(0)));
    return image.bands() > 3 ? image.extract_band(0, VImage::option()->set("n", 3)) : image;
}

}  // namespace piaa::cli
