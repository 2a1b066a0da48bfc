#include "gimp3_host.h"

#include <algorithm>

#include <gegl.h>

#include <piaa/error.h>

#include "actions/result.h"
#include "cut_out.h"
#include "items.h"
#include "names.h"
#include "pixels.h"

namespace piaa::plugin {
namespace {

/// Mixes the colours as they are seen, as the dialog's preview does; GIMP's other "normal" mixes light.
constexpr GimpLayerMode mode = GIMP_LAYER_MODE_NORMAL_LEGACY;

/// Where two boxes meet; of no width or height where they do not.
PixelBox meeting(const PixelBox& a, const PixelBox& b) {
    const int x = std::max(a.x, b.x);
    const int y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

PixelBox place_of(GimpLayer* layer) {
    gint left = 0, top = 0;
    gimp_drawable_get_offsets(GIMP_DRAWABLE(layer), &left, &top);
    return {left, top, gimp_drawable_get_width(GIMP_DRAWABLE(layer)),
            gimp_drawable_get_height(GIMP_DRAWABLE(layer))};
}

/// Calls `attach` with a note that stays in the file and is taken back by undo.
template <typename Attach>
void with_note(const char* name, const std::string& text, Attach attach) {
    GimpParasite* note = gimp_parasite_new(name, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                           static_cast<guint32>(text.size() + 1), text.c_str());
    attach(note);
    gimp_parasite_free(note);
}

void attach(GimpImage* image, const char* name, const std::string& text) {
    with_note(name, text, [image](GimpParasite* note) { gimp_image_attach_parasite(image, note); });
}

void mark_as_ours(GimpItem* item) {
    with_note(note_name, "", [item](GimpParasite* note) { gimp_item_attach_parasite(item, note); });
}

/// Whether a list that GIMP hands over has the name.
bool has_name(gchar** names, const char* wanted) {
    const bool found = names != nullptr && g_strv_contains(names, wanted);
    g_strfreev(names);
    return found;
}

bool has_mark(GimpItem* item) {
    return has_name(gimp_item_get_parasite_list(item), note_name);
}

/// Of layers and all that is in them those without a group's contents that are seen, but not ours.
void add_seen(const std::vector<GimpItem*>& layers, std::vector<GimpItem*>& seen) {
    for (GimpItem* layer : layers) {
        if (!gimp_item_get_visible(layer) || has_mark(layer)) continue;
        if (gimp_item_is_group(layer))
            add_seen(layers_in(layer), seen);
        else
            seen.push_back(layer);
    }
}

/// The layer, or the outermost locked group that it is in: GIMP ends a plug-in that writes into one.
GimpItem* outside_locks(GimpItem* layer) {
    GimpItem* outside = layer;
    for (GimpItem* group = gimp_item_get_parent(layer); group != nullptr; group = gimp_item_get_parent(group))
        if (locks_of(group).content || locks_of(group).position) outside = group;
    return outside;
}

/// A mask that is applied, or an effect that is visible.
bool is_changed_on_the_way(GimpItem* layer) {
    if (gimp_layer_get_mask(GIMP_LAYER(layer)) != nullptr && gimp_layer_get_apply_mask(GIMP_LAYER(layer)))
        return true;
    GimpDrawableFilter** effects = gimp_drawable_get_filters(GIMP_DRAWABLE(layer));
    bool visible = false;
    for (GimpDrawableFilter** effect = effects; effect != nullptr && *effect != nullptr; ++effect)
        visible = visible || gimp_drawable_filter_get_visible(*effect);
    g_free(effects);
    return visible;
}

bool has_ours(const std::vector<GimpItem*>& layers) {
    return std::any_of(layers.begin(), layers.end(), [](GimpItem* layer) {
        return has_mark(layer) || (gimp_item_is_group(layer) && has_ours(layers_in(layer)));
    });
}

void remove_marked_layers(GimpImage* image, const std::vector<GimpItem*>& layers) {
    for (GimpItem* layer : layers) {
        if (has_mark(layer))
            gimp_image_remove_layer(image, GIMP_LAYER(layer));
        else if (gimp_item_is_group(layer))
            remove_marked_layers(image, layers_in(layer));
    }
}

/// Where the guides of an earlier run were put; empty for none.
PixelBox earlier_guides(GimpImage* image) {
    if (!has_name(gimp_image_get_parasite_list(image), guides_note_name)) return {};
    GimpParasite* note = gimp_image_get_parasite(image, guides_note_name);
    guint32 size = 0;
    const auto* text = static_cast<const char*>(gimp_parasite_get_data(note, &size));
    const PixelBox box = guides_box({text, size});
    gimp_parasite_free(note);
    gimp_image_detach_parasite(image, guides_note_name);
    return box;
}

void remove_guides(GimpImage* image, const PixelBox& box) {
    std::vector<Guide> all;
    for (guint guide = gimp_image_find_next_guide(image, 0); guide != 0;
         guide = gimp_image_find_next_guide(image, guide))
        all.push_back({guide, gimp_image_get_guide_orientation(image, guide) == GIMP_ORIENTATION_VERTICAL,
                       gimp_image_get_guide_position(image, guide)});
    for (const unsigned guide : guides_at(box, all)) gimp_image_delete_guide(image, guide);
}

void remove_all_of_ours(GimpImage* image) {
    remove_marked_layers(image, layers_of(image));
    for (GimpItem* path : paths_of(image))
        if (has_mark(path)) gimp_image_remove_path(image, GIMP_PATH(path));
    const PixelBox guides = earlier_guides(image);
    if (guides.width > 0) remove_guides(image, guides);
}

}  // namespace

bool was_added_by_us(GimpItem* layer) {
    for (GimpItem* item = layer; item != nullptr; item = gimp_item_get_parent(item))
        if (has_mark(item)) return true;
    return false;
}

Gimp3Host::Gimp3Host(GimpImage* image, GimpLayer* layer, bool shown)
    : image_(image), layer_(layer), shown_(shown) {
    look_at(false, true);
}

Gimp3Host::~Gimp3Host() {
    if (seen_ != nullptr) gimp_item_delete(GIMP_ITEM(seen_));
    if (stripped_ != nullptr) gimp_image_delete(stripped_);
}

bool Gimp3Host::shows_more_than_layer() const {
    std::vector<GimpItem*> seen;
    add_seen(layers_of(image_), seen);
    if (seen.empty()) return false;
    for (GimpItem* item = GIMP_ITEM(layer_); item != nullptr; item = gimp_item_get_parent(item))
        if (is_changed_on_the_way(item)) return true;
    std::vector<GimpItem*> chosen{GIMP_ITEM(layer_)};
    if (gimp_item_is_group(GIMP_ITEM(layer_))) {
        chosen.clear();
        add_seen(layers_in(GIMP_ITEM(layer_)), chosen);
    }
    return seen != chosen;
}

void Gimp3Host::look_at(bool visible, bool selected_only) {
    visible_ = visible;
    photo_ = visible ? canvas_of(image_) : meeting(canvas_of(image_), place_of(layer_));
    const PixelBox selected = selection();
    if (selected_only && selected.width > 0) photo_ = meeting(photo_, selected);
    if (visible && seen_ == nullptr) see_all();
}

PixelBox Gimp3Host::selection() const {
    gboolean some = FALSE;
    gint left = 0, top = 0, right = 0, bottom = 0;
    gimp_selection_bounds(image_, &some, &left, &top, &right, &bottom);
    return some ? PixelBox{left, top, right - left, bottom - top} : PixelBox{};
}

/// A heatmap that lies over the photo from an earlier run is not part of it.
void Gimp3Host::see_all() {
    if (has_ours(layers_of(image_))) {
        stripped_ = gimp_image_duplicate(image_);
        gimp_image_undo_disable(stripped_);
        remove_all_of_ours(stripped_);
    }
    GimpImage* image = stripped_ != nullptr ? stripped_ : image_;
    seen_ = gimp_layer_new_from_visible(image, image, "seen");
    if (seen_ == nullptr) throw Error(ErrorCode::io, "GIMP does not hand over what is visible");
}

std::string Gimp3Host::name() const {
    // GIMP's own name of a photo that was opened is "[beach] (imported)".
    GFile* file = gimp_image_get_imported_file(image_);
    if (file == nullptr) file = gimp_image_get_file(image_);
    gchar* base = file != nullptr ? g_file_get_basename(file) : gimp_image_get_name(image_);
    gchar* name = g_filename_display_name(base);
    const std::string text = without_ending(name);
    g_free(base);
    g_free(name);
    if (file != nullptr) g_object_unref(file);
    return text;
}

bool Gimp3Host::has_colour() const {
    return gimp_image_get_base_type(image_) != GIMP_GRAY;
}

std::vector<std::uint8_t> Gimp3Host::read_rows(int first, int count) {
    GimpLayer* source = visible_ ? seen_ : layer_;
    const PixelBox place = visible_ ? PixelBox{} : place_of(layer_);
    GeglBuffer* buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(source));
    // The buffer's format names its colour space, so GEGL brings it to sRGB.
    auto rows =
        rows_in_srgb(buffer, {photo_.x - place.x, photo_.y - place.y + first, photo_.width, count}, nullptr);
    g_object_unref(buffer);
    return rows;
}

std::vector<std::unique_ptr<Host>> Gimp3Host::other_photos() const {
    GimpImage** images = gimp_get_images();
    std::vector<std::unique_ptr<Host>> others;
    for (GimpImage** image = images; image != nullptr && *image != nullptr; ++image) {
        const std::vector<GimpItem*> layers = layers_of(*image);
        if (*image == image_ || *image == stripped_ || layers.empty() ||
            gimp_image_get_base_type(*image) == GIMP_INDEXED)
            continue;
        others.push_back(std::make_unique<Gimp3Host>(*image, GIMP_LAYER(layers.front()), false));
    }
    g_free(images);
    return others;
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

void Gimp3Host::remove_earlier() {
    remove_all_of_ours(image_);
    select_photo();
}

/// The photo stays the layer that is worked on.
void Gimp3Host::select_photo() {
    const GimpLayer* chosen[] = {layer_, nullptr};
    gimp_image_set_selected_layers(image_, chosen);
}

void Gimp3Host::add_group(const std::string& name) {
    group_ = GIMP_LAYER(gimp_group_layer_new(image_, name.c_str()));
    gimp_layer_set_mode(group_, mode);
    GimpItem* below = outside_locks(GIMP_ITEM(layer_));
    GimpItem* parent = visible_ ? nullptr : gimp_item_get_parent(below);
    gimp_image_insert_layer(image_, group_, parent != nullptr ? GIMP_LAYER(parent) : nullptr,
                            visible_ ? 0 : gimp_image_get_item_position(image_, below));
    mark_as_ours(GIMP_ITEM(group_));
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
    const Point middle{frame.box.x + frame.box.width / 2.0, frame.box.y + frame.box.height / 2.0};
    if (frame.angle != 0) turn(GIMP_ITEM(layer), frame.angle, middle, middle);
    gimp_item_set_visible(GIMP_ITEM(layer), frame.visible);
}

void Gimp3Host::add_guides(const PixelBox& box) {
    gimp_image_add_vguide(image_, box.x);
    gimp_image_add_vguide(image_, box.x + box.width);
    gimp_image_add_hguide(image_, box.y);
    gimp_image_add_hguide(image_, box.y + box.height);
    attach(image_, guides_note_name, guides_note(box));
    guides_ = true;
}

void Gimp3Host::add_path(const std::string& name, const CropPlace& place) {
    GimpPath* path = gimp_path_new(image_, name.c_str());
    gimp_image_insert_path(image_, path, nullptr, 0);
    mark_as_ours(GIMP_ITEM(path));
    const auto& corners = place.corners;
    const gint stroke = gimp_path_bezier_stroke_new_moveto(path, corners[0].x, corners[0].y);
    for (std::size_t i = 1; i < corners.size(); ++i)
        gimp_path_bezier_stroke_lineto(path, stroke, corners[i].x, corners[i].y);
    gimp_path_stroke_close(path, stroke);
    gimp_item_set_visible(GIMP_ITEM(path), TRUE);
}

void Gimp3Host::attach_note(const std::string& json) {
    attach(image_, note_name, json);
}

void Gimp3Host::check_crop(const CropPlace& place) {
    check_cut_out(image_, place);
}

void Gimp3Host::crop(const CropPlace& place) {
    cut_out(image_, place);
    // GIMP moves the guides along, which stand at the borders then.
    if (guides_) attach(image_, guides_note_name, guides_note({0, 0, place.box.width, place.box.height}));
}

void Gimp3Host::make_image(const CropPlace& place, const std::string& name, const std::string& note) {
    GimpImage* copy = gimp_image_duplicate(image_);
    gimp_image_undo_disable(copy);
    remove_all_of_ours(copy);
    gimp_selection_none(copy);
    cut_out(copy, place);
    // Cropping leaves the empty selection with a byte for each pixel; to empty it GIMP has to see it filled.
    gimp_selection_all(copy);
    gimp_selection_none(copy);
    attach(copy, note_name, note);
    // GIMP takes only files called .xcf, and would save to them without asking: the image has none.
    GimpLayer** layers = gimp_image_get_selected_layers(copy);
    if (layers != nullptr && layers[0] != nullptr) gimp_item_set_name(GIMP_ITEM(layers[0]), name.c_str());
    g_free(layers);
    gimp_image_undo_enable(copy);
    if (shown_) gimp_display_new(copy);
    made_.push_back(copy);
}

}  // namespace piaa::plugin
