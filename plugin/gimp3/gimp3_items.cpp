#include "gimp3_items.h"

#include <piaa/error.h>

#include "actions/result.h"

namespace piaa::plugin {

std::vector<GimpItem*> taken(GimpItem** list) {
    std::vector<GimpItem*> items;
    for (GimpItem** item = list; item != nullptr && *item != nullptr; ++item) items.push_back(*item);
    g_free(list);
    return items;
}

std::vector<GimpItem*> layers_of(GimpImage* image) {
    return taken(reinterpret_cast<GimpItem**>(gimp_image_get_layers(image)));
}

std::vector<GimpItem*> layers_in(GimpItem* group) {
    return taken(gimp_item_get_children(group));
}

PixelBox canvas_of(GimpImage* image) {
    return {0, 0, gimp_image_get_width(image), gimp_image_get_height(image)};
}

namespace {

/// Everything in an image that is turned with it: of layers the outermost, which take along what is in them.
std::vector<GimpItem*> items_of(GimpImage* image) {
    std::vector<GimpItem*> items = layers_of(image);
    for (GimpItem* item : taken(reinterpret_cast<GimpItem**>(gimp_image_get_channels(image))))
        items.push_back(item);
    for (GimpItem* item : taken(reinterpret_cast<GimpItem**>(gimp_image_get_paths(image))))
        items.push_back(item);
    return items;
}

/// Locked layers are not turned.
void unlock(GimpItem* item) {
    gimp_item_set_lock_content(item, FALSE);
    gimp_item_set_lock_position(item, FALSE);
    if (gimp_item_is_group(item))
        for (GimpItem* child : layers_in(item)) unlock(child);
}

}  // namespace

void turn(GimpItem* item, double degrees, const Point& from, const Point& to) {
    gimp_context_push();
    gimp_context_set_interpolation(GIMP_INTERPOLATION_CUBIC);
    gimp_context_set_transform_resize(GIMP_TRANSFORM_RESIZE_ADJUST);
    gimp_context_set_transform_direction(GIMP_TRANSFORM_FORWARD);
    const GimpItem* turned =
        gimp_item_transform_2d(item, from.x, from.y, 1, 1, degrees * G_PI / 180, to.x, to.y);
    gimp_context_pop();
    if (turned == nullptr) throw Error(ErrorCode::io, "GIMP does not turn one of the image's layers");
}

void cut_out(GimpImage* image, const CropPlace& place) {
    PixelBox box = place.box;
    if (place.angle != 0) {
        gimp_selection_none(image);  // or only what is selected would be turned
        const Upright upright = upright_of(place, canvas_of(image));
        box = upright.box;
        const auto items = items_of(image);
        for (GimpItem* item : items) unlock(item);
        for (GimpItem* item : items) {
            const bool opaque = GIMP_IS_LAYER(item) && !gimp_drawable_has_alpha(GIMP_DRAWABLE(item));
            turn(item, -place.angle, place.middle(), upright.middle);
            if (opaque && gimp_drawable_has_alpha(GIMP_DRAWABLE(item))) gimp_layer_flatten(GIMP_LAYER(item));
        }
    }
    gimp_image_crop(image, box.width, box.height, box.x, box.y);
}

}  // namespace piaa::plugin
