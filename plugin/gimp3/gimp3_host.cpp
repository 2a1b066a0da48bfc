#include "gimp3_host.h"

#include <algorithm>

#include <gegl.h>

#include "actions/result.h"
#include "pixels.h"

namespace piaa::plugin {
namespace {

/// Mixes the colours as they are seen, as the dialog's preview does; GIMP's other "normal" mixes light.
constexpr GimpLayerMode mode = GIMP_LAYER_MODE_NORMAL_LEGACY;

/// The part of a layer that is on the canvas and in the selection, in pixels of the image.
PixelBox visible_part(GimpImage* image, GimpLayer* layer) {
    gint x = 0, y = 0, width = 0, height = 0, left = 0, top = 0;
    if (!gimp_drawable_mask_intersect(GIMP_DRAWABLE(layer), &x, &y, &width, &height)) return {};
    gimp_drawable_get_offsets(GIMP_DRAWABLE(layer), &left, &top);
    PixelBox box{std::max(0, x + left), std::max(0, y + top), 0, 0};
    box.width = std::min(gimp_image_get_width(image), x + left + width) - box.x;
    box.height = std::min(gimp_image_get_height(image), y + top + height) - box.y;
    return box;
}

void attach(GimpImage* image, const std::string& json) {
    GimpParasite* note = gimp_parasite_new(note_name, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                           static_cast<guint32>(json.size() + 1), json.c_str());
    gimp_image_attach_parasite(image, note);
    gimp_parasite_free(note);
}

}  // namespace

Gimp3Host::Gimp3Host(GimpImage* image, GimpLayer* layer, bool shown)
    : image_(image), layer_(layer), shown_(shown), photo_(visible_part(image, layer)) {}

std::string Gimp3Host::name() const {
    // GIMP's own name of a photo that was opened is "[beach] (imported)".
    GFile* file = gimp_image_get_imported_file(image_);
    if (file == nullptr) file = gimp_image_get_file(image_);
    gchar* base = file != nullptr ? g_file_get_basename(file) : gimp_image_get_name(image_);
    gchar* name = g_filename_display_name(base);
    const std::string text = name;
    g_free(base);
    g_free(name);
    if (file != nullptr) g_object_unref(file);
    return text.substr(0, text.rfind('.'));
}

bool Gimp3Host::has_colour() const {
    return gimp_image_get_base_type(image_) != GIMP_GRAY;
}

std::vector<std::uint8_t> Gimp3Host::read_rows(int first, int count) {
    gint left = 0, top = 0;
    gimp_drawable_get_offsets(GIMP_DRAWABLE(layer_), &left, &top);
    GeglBuffer* buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(layer_));
    // The buffer's format names its colour space, so GEGL brings it to sRGB.
    auto rows = rows_in_srgb(buffer, {photo_.x - left, photo_.y - top + first, photo_.width, count}, nullptr);
    g_object_unref(buffer);
    return rows;
}

void Gimp3Host::progress(double done, const std::string& text) {
    if (text != progress_text_) gimp_progress_set_text(text.c_str());
    progress_text_ = text;
    gimp_progress_update(done);
}

void Gimp3Host::begin_changes() {
    gimp_image_undo_group_start(image_);
}

void Gimp3Host::end_changes() {
    gimp_image_undo_group_end(image_);
}

/// The photo stays the layer that is worked on.
void Gimp3Host::select_photo() {
    const GimpLayer* chosen[] = {layer_, nullptr};
    gimp_image_set_selected_layers(image_, chosen);
}

void Gimp3Host::add_group(const std::string& name) {
    group_ = GIMP_LAYER(gimp_group_layer_new(image_, name.c_str()));
    gimp_layer_set_mode(group_, mode);
    GimpItem* parent = gimp_item_get_parent(GIMP_ITEM(layer_));
    gimp_image_insert_layer(image_, group_, parent != nullptr ? GIMP_LAYER(parent) : nullptr,
                            gimp_image_get_item_position(image_, GIMP_ITEM(layer_)));
    select_photo();
}

GimpLayer* Gimp3Host::insert(const std::string& name, int width, int height, double opacity) {
    GimpLayer* layer = gimp_layer_new(image_, name.c_str(), width, height,
                                      has_colour() ? GIMP_RGBA_IMAGE : GIMP_GRAYA_IMAGE, opacity, mode);
    gimp_image_insert_layer(image_, layer, group_, 0);
    select_photo();
    return layer;
}

void Gimp3Host::add_layer(const OverlayLayer& overlay) {
    GimpLayer* layer = insert(overlay.name, overlay.size.width, overlay.size.height, overlay.opacity);
    GeglBuffer* buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(layer));
    gegl_buffer_set(buffer, nullptr, 0, babl_format("R'G'B'A u8"), overlay.pixels.data(),
                    GEGL_AUTO_ROWSTRIDE);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    gimp_drawable_update(GIMP_DRAWABLE(layer), 0, 0, overlay.size.width, overlay.size.height);
    gimp_context_push();
    gimp_context_set_interpolation(GIMP_INTERPOLATION_LINEAR);
    gimp_layer_scale(layer, photo_.width, photo_.height, FALSE);
    gimp_context_pop();
    gimp_layer_set_offsets(layer, photo_.x, photo_.y);
}

void Gimp3Host::add_layer(const FrameLayer& frame) {
    GimpLayer* layer = insert(frame.name, frame.box.width, frame.box.height, 100);
    GeglBuffer* buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(layer));
    draw_frame(buffer, frame);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    gimp_drawable_update(GIMP_DRAWABLE(layer), 0, 0, frame.box.width, frame.box.height);
    gimp_layer_set_offsets(layer, frame.box.x, frame.box.y);
    gimp_item_set_visible(GIMP_ITEM(layer), frame.visible);
}

void Gimp3Host::add_guides(const PixelBox& box) {
    gimp_image_add_vguide(image_, box.x);
    gimp_image_add_vguide(image_, box.x + box.width);
    gimp_image_add_hguide(image_, box.y);
    gimp_image_add_hguide(image_, box.y + box.height);
}

void Gimp3Host::add_path(const std::string& name, const PixelBox& box) {
    GimpPath* path = gimp_path_new(image_, name.c_str());
    gimp_image_insert_path(image_, path, nullptr, -1);
    const double right = box.x + box.width;
    const double bottom = box.y + box.height;
    const gint stroke = gimp_path_bezier_stroke_new_moveto(path, box.x, box.y);
    gimp_path_bezier_stroke_lineto(path, stroke, right, box.y);
    gimp_path_bezier_stroke_lineto(path, stroke, right, bottom);
    gimp_path_bezier_stroke_lineto(path, stroke, box.x, bottom);
    gimp_path_stroke_close(path, stroke);
    gimp_item_set_visible(GIMP_ITEM(path), TRUE);
}

void Gimp3Host::attach_note(const std::string& json) {
    attach(image_, json);
}

void Gimp3Host::crop(const PixelBox& box) {
    gimp_image_crop(image_, box.width, box.height, box.x, box.y);
}

void Gimp3Host::make_image(const PixelBox& box, const std::string& name, const std::string& note) {
    GimpImage* copy = gimp_image_duplicate(image_);
    gimp_image_undo_disable(copy);
    gimp_selection_none(copy);
    gimp_image_crop(copy, box.width, box.height, box.x, box.y);
    attach(copy, note);
    GimpLayer** layers = gimp_image_get_selected_layers(copy);
    if (layers != nullptr && layers[0] != nullptr) gimp_item_set_name(GIMP_ITEM(layers[0]), name.c_str());
    g_free(layers);
    gimp_image_undo_enable(copy);
    if (shown_) gimp_display_new(copy);
    made_.push_back(copy);
}

}  // namespace piaa::plugin
