#include "gimp2_host.h"

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

PixelBox place_of(gint32 layer) {
    gint left = 0, top = 0;
    gimp_drawable_offsets(layer, &left, &top);
    return {left, top, gimp_drawable_width(layer), gimp_drawable_height(layer)};
}

/// Calls `attach` with a note that stays in the file and is taken back by undo.
template <typename Attach>
void with_note(const char* name, const std::string& text, Attach attach) {
    GimpParasite* note = gimp_parasite_new(name, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                           static_cast<guint32>(text.size() + 1), text.c_str());
    attach(note);
    gimp_parasite_free(note);
}

void attach(gint32 image, const char* name, const std::string& text) {
    with_note(name, text, [image](GimpParasite* note) { gimp_image_attach_parasite(image, note); });
}

void mark_as_ours(gint32 item) {
    with_note(note_name, "", [item](GimpParasite* note) { gimp_item_attach_parasite(item, note); });
}

bool has_mark(gint32 item) {
    gint count = 0;
    gchar** names = gimp_item_get_parasite_list(item, &count);
    const bool found =
        std::any_of(names, names + count, [](const gchar* name) { return std::string(name) == note_name; });
    g_strfreev(names);
    return found;
}

/// Of layers and all that is in them those without a group's contents that are seen, but not ours.
void add_seen(const std::vector<gint32>& layers, std::vector<gint32>& seen) {
    for (const gint32 layer : layers) {
        if (!gimp_item_get_visible(layer) || has_mark(layer)) continue;
        if (gimp_item_is_group(layer))
            add_seen(layers_in(layer), seen);
        else
            seen.push_back(layer);
    }
}

/// The layer, or the outermost locked group that it is in: GIMP ends a plug-in that writes into one.
gint32 outside_locks(gint32 layer) {
    gint32 outside = layer;
    for (gint32 group = gimp_item_get_parent(layer); group != -1; group = gimp_item_get_parent(group))
        if (locks_of(group).content || locks_of(group).position) outside = group;
    return outside;
}

bool has_mask(gint32 layer) {
    return gimp_layer_get_mask(layer) != -1 && gimp_layer_get_apply_mask(layer);
}

bool has_ours(const std::vector<gint32>& layers) {
    return std::any_of(layers.begin(), layers.end(), [](gint32 layer) {
        return has_mark(layer) || (gimp_item_is_group(layer) && has_ours(layers_in(layer)));
    });
}

void remove_marked_layers(gint32 image, const std::vector<gint32>& layers) {
    for (const gint32 layer : layers) {
        if (has_mark(layer)) {
            gimp_image_remove_layer(image, layer);
        } else if (gimp_item_is_group(layer)) {
            remove_marked_layers(image, layers_in(layer));
        }
    }
}

/// Where the guides of an earlier run were put; empty for none.
PixelBox earlier_guides(gint32 image) {
    gint count = 0;
    gchar** names = gimp_image_get_parasite_list(image, &count);
    const bool found = std::any_of(names, names + count,
                                   [](const gchar* name) { return std::string(name) == guides_note_name; });
    g_strfreev(names);
    if (!found) return {};
    GimpParasite* note = gimp_image_get_parasite(image, guides_note_name);
    const PixelBox box = guides_box(static_cast<const char*>(gimp_parasite_data(note)));
    gimp_parasite_free(note);
    gimp_image_detach_parasite(image, guides_note_name);
    return box;
}

void remove_guides(gint32 image, const PixelBox& box) {
    std::vector<Guide> all;
    for (gint32 guide = gimp_image_find_next_guide(image, 0); guide != 0;
         guide = gimp_image_find_next_guide(image, guide))
        all.push_back({static_cast<unsigned>(guide),
                       gimp_image_get_guide_orientation(image, guide) == GIMP_ORIENTATION_VERTICAL,
                       gimp_image_get_guide_position(image, guide)});
    for (const unsigned guide : guides_at(box, all))
        gimp_image_delete_guide(image, static_cast<gint32>(guide));
}

void remove_all_of_ours(gint32 image) {
    remove_marked_layers(image, layers_of(image));
    for (const gint32 path : paths_of(image))
        if (has_mark(path)) gimp_image_remove_vectors(image, path);
    const PixelBox guides = earlier_guides(image);
    if (guides.width > 0) remove_guides(image, guides);
}

}  // namespace

bool was_added_by_us(gint32 layer) {
    for (gint32 item = layer; item != -1; item = gimp_item_get_parent(item))
        if (has_mark(item)) return true;
    return false;
}

Gimp2Host::Gimp2Host(gint32 image, gint32 layer, bool shown) : image_(image), layer_(layer), shown_(shown) {
    look_at(false, true);
}

Gimp2Host::~Gimp2Host() {
    if (seen_ != -1) gimp_item_delete(seen_);
    if (stripped_ != -1) gimp_image_delete(stripped_);
}

bool Gimp2Host::shows_more_than_layer() const {
    std::vector<gint32> seen;
    add_seen(layers_of(image_), seen);
    if (seen.empty()) return false;
    for (gint32 item = layer_; item != -1; item = gimp_item_get_parent(item))
        if (has_mask(item)) return true;
    std::vector<gint32> chosen{layer_};
    if (gimp_item_is_group(layer_)) {
        chosen.clear();
        add_seen(layers_in(layer_), chosen);
    }
    return seen != chosen;
}

void Gimp2Host::look_at(bool visible, bool selected_only) {
    visible_ = visible;
    photo_ = visible ? canvas_of(image_) : meeting(canvas_of(image_), place_of(layer_));
    const PixelBox selected = selection();
    if (selected_only && selected.width > 0) photo_ = meeting(photo_, selected);
    if (visible && seen_ == -1) see_all();
}

PixelBox Gimp2Host::selection() const {
    gint some = 0, left = 0, top = 0, right = 0, bottom = 0;
    gimp_selection_bounds(image_, &some, &left, &top, &right, &bottom);
    return some ? PixelBox{left, top, right - left, bottom - top} : PixelBox{};
}

/// A heatmap that lies over the photo from an earlier run is not part of it.
void Gimp2Host::see_all() {
    if (has_ours(layers_of(image_))) {
        stripped_ = gimp_image_duplicate(image_);
        gimp_image_undo_disable(stripped_);
        remove_all_of_ours(stripped_);
    }
    const gint32 image = stripped_ != -1 ? stripped_ : image_;
    seen_ = gimp_layer_new_from_visible(image, image, "seen");
    if (seen_ == -1) throw Error(ErrorCode::io, "GIMP does not hand over what is visible");
}

/// Null where it has none.
gchar* Gimp2Host::uri() const {
    // GIMP's own name of a photo that was opened is "[beach] (imported)".
    gchar* uri = gimp_image_get_imported_uri(image_);
    return uri != nullptr ? uri : gimp_image_get_uri(image_);
}

std::string Gimp2Host::name() const {
    gchar* uri = this->uri();
    gchar* name = uri != nullptr ? g_filename_display_basename(uri) : gimp_image_get_name(image_);
    gchar* words = g_uri_unescape_string(name, nullptr);
    const std::string text = without_ending(words != nullptr ? words : name);
    for (gchar* part : {uri, name, words}) g_free(part);
    return text;
}

void Gimp2Host::give_name(gint32 copy, const std::string& name) const {
    gchar* uri = this->uri();
    gchar* photo = uri != nullptr ? g_filename_from_uri(uri, nullptr, nullptr) : nullptr;
    gimp_image_set_filename(copy, beside(photo, name).c_str());
    g_free(uri);
    g_free(photo);
}

bool Gimp2Host::has_colour() const {
    return gimp_image_base_type(image_) != GIMP_GRAY;
}

std::vector<std::uint8_t> Gimp2Host::read_rows(int first, int count) {
    const gint32 source = visible_ ? seen_ : layer_;
    const PixelBox place = visible_ ? PixelBox{} : place_of(layer_);
    const GeglRectangle area{photo_.x - place.x, photo_.y - place.y + first, photo_.width, count};
    GeglBuffer* buffer = gimp_drawable_get_buffer(source);
    GimpColorProfile* profile = gimp_image_get_color_profile(image_);
    GimpColorProfile* effective =
        profile != nullptr ? gimp_image_get_effective_color_profile(image_) : nullptr;
    auto rows = rows_in_srgb(buffer, area, effective);
    if (effective != nullptr) g_object_unref(effective);
    if (profile != nullptr) g_object_unref(profile);
    g_object_unref(buffer);
    return rows;
}

std::vector<std::unique_ptr<Host>> Gimp2Host::other_photos() const {
    gint count = 0;
    gint* images = gimp_image_list(&count);
    std::vector<std::unique_ptr<Host>> others;
    for (const gint32 image : taken(images, count)) {
        const std::vector<gint32> layers = layers_of(image);
        if (image == image_ || image == stripped_ || layers.empty() ||
            gimp_image_base_type(image) == GIMP_INDEXED)
            continue;
        others.push_back(std::make_unique<Gimp2Host>(image, layers.front(), false));
    }
    return others;
}

void Gimp2Host::progress(double done, const std::string& text) {
    if (text != progress_text_) gimp_progress_set_text(text.c_str());
    progress_text_ = text;
    gimp_progress_update(done);
}

void Gimp2Host::begin_changes() {
    gimp_image_undo_group_start(image_);
}

void Gimp2Host::end_changes() {
    gimp_image_undo_group_end(image_);
}

void Gimp2Host::remove_earlier() {
    remove_all_of_ours(image_);
    gimp_image_set_active_layer(image_, layer_);
}

void Gimp2Host::add_group(const std::string& name) {
    group_ = gimp_layer_group_new(image_);
    gimp_item_set_name(group_, name.c_str());
    gimp_layer_set_mode(group_, mode);
    const gint32 below = outside_locks(layer_);
    if (visible_)
        gimp_image_insert_layer(image_, group_, 0, 0);
    else
        gimp_image_insert_layer(image_, group_, gimp_item_get_parent(below),
                                gimp_image_get_item_position(image_, below));
    mark_as_ours(group_);
    // The photo stays the layer that is worked on.
    gimp_image_set_active_layer(image_, layer_);
}

gint32 Gimp2Host::insert(const std::string& name, int width, int height, double opacity) {
    const gint32 layer = gimp_layer_new(image_, name.c_str(), width, height,
                                        has_colour() ? GIMP_RGBA_IMAGE : GIMP_GRAYA_IMAGE, opacity, mode);
    gimp_image_insert_layer(image_, layer, group_, 0);
    gimp_image_set_active_layer(image_, layer_);
    return layer;
}

void Gimp2Host::add_layer(const OverlayLayer& overlay) {
    const gint32 layer = insert(overlay.name, overlay.size.width, overlay.size.height, overlay.opacity);
    GeglBuffer* buffer = gimp_drawable_get_buffer(layer);
    gegl_buffer_set(buffer, nullptr, 0, babl_format("R'G'B'A u8"), overlay.pixels.data(),
                    GEGL_AUTO_ROWSTRIDE);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    gimp_drawable_update(layer, 0, 0, overlay.size.width, overlay.size.height);
    gimp_context_push();
    gimp_context_set_interpolation(GIMP_INTERPOLATION_LINEAR);
    gimp_layer_scale(layer, photo_.width, photo_.height, FALSE);
    gimp_context_pop();
    gimp_layer_set_offsets(layer, photo_.x, photo_.y);
}

void Gimp2Host::add_layer(const FrameLayer& frame) {
    const gint32 layer = insert(frame.name, frame.box.width, frame.box.height, 100);
    GeglBuffer* buffer = gimp_drawable_get_buffer(layer);
    draw_frame(buffer, frame);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    gimp_drawable_update(layer, 0, 0, frame.box.width, frame.box.height);
    gimp_layer_set_offsets(layer, frame.box.x, frame.box.y);
    const Point middle{frame.box.x + frame.box.width / 2.0, frame.box.y + frame.box.height / 2.0};
    if (frame.angle != 0) turn(layer, frame.angle, middle, middle);
    gimp_item_set_visible(layer, frame.visible);
}

void Gimp2Host::add_guides(const PixelBox& box) {
    gimp_image_add_vguide(image_, box.x);
    gimp_image_add_vguide(image_, box.x + box.width);
    gimp_image_add_hguide(image_, box.y);
    gimp_image_add_hguide(image_, box.y + box.height);
    attach(image_, guides_note_name, guides_note(box));
    guides_ = true;
}

void Gimp2Host::add_path(const std::string& name, const CropPlace& place) {
    const gint32 path = gimp_vectors_new(image_, name.c_str());
    gimp_image_insert_vectors(image_, path, -1, 0);
    mark_as_ours(path);
    const auto& corners = place.corners;
    const gint stroke = gimp_vectors_bezier_stroke_new_moveto(path, corners[0].x, corners[0].y);
    for (std::size_t i = 1; i < corners.size(); ++i)
        gimp_vectors_bezier_stroke_lineto(path, stroke, corners[i].x, corners[i].y);
    gimp_vectors_stroke_close(path, stroke);
    gimp_item_set_visible(path, TRUE);
}

void Gimp2Host::attach_note(const std::string& json) {
    attach(image_, note_name, json);
}

void Gimp2Host::check_crop(const CropPlace& place) {
    check_cut_out(image_, place);
}

void Gimp2Host::crop(const CropPlace& place) {
    cut_out(image_, place);
    // GIMP moves the guides along, which stand at the borders then.
    if (guides_) attach(image_, guides_note_name, guides_note({0, 0, place.box.width, place.box.height}));
}

void Gimp2Host::make_image(const CropPlace& place, const std::string& name, const std::string& note) {
    const gint32 copy = gimp_image_duplicate(image_);
    gimp_image_undo_disable(copy);
    remove_all_of_ours(copy);
    gimp_selection_none(copy);
    cut_out(copy, place);
    // Cropping leaves the empty selection with a byte for each pixel; to empty it GIMP has to see it filled.
    gimp_selection_all(copy);
    gimp_selection_none(copy);
    attach(copy, note_name, note);
    give_name(copy, name);
    const gint32 layer = gimp_image_get_active_layer(copy);
    if (layer >= 0) gimp_item_set_name(layer, name.c_str());
    gimp_image_undo_enable(copy);
    if (shown_) gimp_display_new(copy);
    made_.push_back(copy);
}

}  // namespace piaa::plugin
