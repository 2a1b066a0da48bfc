#include "gimp2_host.h"

#include <algorithm>
#include <cmath>

#include <gegl.h>

#include <piaa/error.h>

namespace piaa::plugin {

Size Gimp2Host::layer_size() const {
    return {gimp_drawable_width(layer_), gimp_drawable_height(layer_)};
}

Image Gimp2Host::read_layer(int longest_side) {
    const Size full = layer_size();
    const double scale = std::min(1.0, static_cast<double>(longest_side) / std::max(full.width, full.height));
    const Size size{std::max(1, static_cast<int>(std::lround(full.width * scale))),
                    std::max(1, static_cast<int>(std::lround(full.height * scale)))};
    GeglBuffer* buffer = gimp_drawable_get_buffer(layer_);
    const GeglRectangle area{0, 0, size.width, size.height};
    std::vector<std::uint8_t> rgba(static_cast<std::size_t>(size.width) * size.height * 4);
    gegl_buffer_get(buffer, &area, scale, babl_format("R'G'B'A u8"), rgba.data(), GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_CLAMP);
    g_object_unref(buffer);
    std::vector<std::uint8_t> pixels;
    pixels.reserve(rgba.size() / 4 * 3);
    for (std::size_t i = 0; i < rgba.size(); i += 4)
        for (int c = 0; c < 3; ++c)
            pixels.push_back(static_cast<std::uint8_t>(255 - (255 - rgba[i + c]) * rgba[i + 3] / 255));
    return {size, std::move(pixels)};
}

void Gimp2Host::progress(double done, const std::string& text) {
    gimp_progress_set_text(text.c_str());
    gimp_progress_update(done);
}

void Gimp2Host::begin_changes() {
    gimp_image_undo_group_start(image_);
}

void Gimp2Host::end_changes() {
    gimp_image_undo_group_end(image_);
}

void Gimp2Host::add_group(const std::string& name, const OverlayLayer& overlay) {
    const gint32 group = gimp_layer_group_new(image_);
    gimp_item_set_name(group, name.c_str());
    gimp_image_insert_layer(image_, group, gimp_item_get_parent(layer_),
                            gimp_image_get_item_position(image_, layer_));
    const Size full = layer_size();
    const gint32 layer =
        gimp_layer_new(image_, overlay.name.c_str(), overlay.size.width, overlay.size.height,
                       gimp_image_base_type(image_) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE,
                       overlay.opacity, GIMP_LAYER_MODE_NORMAL);
    gimp_image_insert_layer(image_, layer, group, 0);
    GeglBuffer* buffer = gimp_drawable_get_buffer(layer);
    gegl_buffer_set(buffer, nullptr, 0, babl_format("R'G'B'A u8"), overlay.pixels.data(),
                    GEGL_AUTO_ROWSTRIDE);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    gimp_drawable_update(layer, 0, 0, overlay.size.width, overlay.size.height);
    gimp_layer_scale(layer, full.width, full.height, FALSE);
    gint x = 0, y = 0;
    gimp_drawable_offsets(layer_, &x, &y);
    gimp_layer_set_offsets(layer, x, y);
}

void Gimp2Host::attach_note(const std::string& json) {
    GimpParasite* note =
        gimp_parasite_new("aesthetic-crop", GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                          static_cast<guint32>(json.size() + 1), json.c_str());
    gimp_image_attach_parasite(image_, note);
    gimp_parasite_free(note);
}

}  // namespace piaa::plugin
