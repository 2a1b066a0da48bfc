#include "pixels.h"

#include <algorithm>

namespace piaa::plugin {
namespace {

/// Transparency shows white, as in piaa-batch.
std::vector<std::uint8_t> over_white(const std::vector<std::uint8_t>& rgba) {
    std::vector<std::uint8_t> rgb(rgba.size() / 4 * 3);
    std::uint8_t* to = rgb.data();
    for (std::size_t i = 0; i < rgba.size(); i += 4) {
        const int alpha = rgba[i + 3];
        for (int c = 0; c < 3; ++c)
            *to++ = static_cast<std::uint8_t>(255 - ((255 - rgba[i + c]) * alpha + 127) / 255);
    }
    return rgb;
}

/// Numbers of a profile's colour space brought to sRGB; nothing when the profile cannot be used.
bool transform_to_srgb(GimpColorProfile* profile, const std::vector<float>& from,
                       std::vector<std::uint8_t>& rgba) {
    GimpColorProfile* srgb = gimp_color_profile_new_rgb_srgb();
    GimpColorTransform* transform = gimp_color_transform_new(
        profile, babl_format("R'G'B'A float"), srgb, babl_format("R'G'B'A u8"),
        GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, static_cast<GimpColorTransformFlags>(0));
    g_object_unref(srgb);
    if (transform == nullptr) return false;
    gimp_color_transform_process_pixels(transform, babl_format("R'G'B'A float"), from.data(),
                                        babl_format("R'G'B'A u8"), rgba.data(), rgba.size() / 4);
    g_object_unref(transform);
    return true;
}

}  // namespace

std::vector<std::uint8_t> rows_in_srgb(GeglBuffer* layer, const GeglRectangle& area,
                                       GimpColorProfile* profile) {
    const std::size_t pixels = static_cast<std::size_t>(area.width) * area.height;
    if (profile != nullptr && gimp_color_profile_is_rgb(profile)) {
        std::vector<float> numbers(pixels * 4);
        std::vector<std::uint8_t> rgba(pixels * 4);
        // The layer's own numbers, as they are: linear ones stay linear, and the profile says so too.
        const bool linear = gimp_color_profile_is_linear(profile);
        gegl_buffer_get(layer, &area, 1, babl_format(linear ? "RGBA float" : "R'G'B'A float"), numbers.data(),
                        GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_CLAMP);
        if (transform_to_srgb(profile, numbers, rgba)) return over_white(rgba);
    }
    if (!babl_format_has_alpha(gegl_buffer_get_format(layer))) {
        std::vector<std::uint8_t> rgb(pixels * 3);
        gegl_buffer_get(layer, &area, 1, babl_format("R'G'B' u8"), rgb.data(), GEGL_AUTO_ROWSTRIDE,
                        GEGL_ABYSS_CLAMP);
        return rgb;
    }
    std::vector<std::uint8_t> rgba(pixels * 4);
    gegl_buffer_get(layer, &area, 1, babl_format("R'G'B'A u8"), rgba.data(), GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_CLAMP);
    return over_white(rgba);
}

void draw_frame(GeglBuffer* layer, const FrameLayer& frame) {
    const std::uint8_t rgba[] = {frame.colour.red, frame.colour.green, frame.colour.blue, 255};
    const int width = frame.box.width;
    const int height = frame.box.height;
    const int thick = std::min({frame.thickness, width, height});
    for (const GeglRectangle& side :
         {GeglRectangle{0, 0, width, thick}, GeglRectangle{0, height - thick, width, thick},
          GeglRectangle{0, 0, thick, height}, GeglRectangle{width - thick, 0, thick, height}})
        gegl_buffer_set_color_from_pixel(layer, &side, rgba, babl_format("R'G'B'A u8"));
}

}  // namespace piaa::plugin
