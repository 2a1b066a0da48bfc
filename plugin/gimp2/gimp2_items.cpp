#include "gimp2_items.h"

#include <piaa/error.h>

#include "actions/result.h"

namespace piaa::plugin {

std::vector<gint32> taken(gint* list, gint count) {
    const std::vector<gint32> items(list, list + count);
    g_free(list);
    return items;
}

std::vector<gint32> layers_of(gint32 image) {
    gint count = 0;
    gint* layers = gimp_image_get_layers(image, &count);
    return taken(layers, count);
}

std::vector<gint32> layers_in(gint32 group) {
    gint count = 0;
    gint* children = gimp_item_get_children(group, &count);
    return taken(children, count);
}

PixelBox canvas_of(gint32 image) {
    return {0, 0, gimp_image_width(image), gimp_image_height(image)};
}

namespace {

/// Everything in an image that is turned with it: of layers the outermost, which take along what is in them.
std::vector<gint32> items_of(gint32 image) {
    std::vector<gint32> items = layers_of(image);
    gint count = 0;
    gint* channels = gimp_image_get_channels(image, &count);
    for (const gint32 item : taken(channels, count)) items.push_back(item);
    gint* paths = gimp_image_get_vectors(image, &count);
    for (const gint32 item : taken(paths, count)) items.push_back(item);
    return items;
}

/// Locked layers are not turned, and linked ones would be turned once for each.
void unlock(gint32 item) {
    gimp_item_set_lock_content(item, FALSE);
    gimp_item_set_lock_position(item, FALSE);
    gimp_item_set_linked(item, FALSE);
    if (gimp_item_is_group(item))
        for (const gint32 child : layers_in(item)) unlock(child);
}

}  // namespace

void turn(gint32 item, double degrees, const Point& from, const Point& to) {
    gimp_context_push();
    gimp_context_set_interpolation(GIMP_INTERPOLATION_CUBIC);
    gimp_context_set_transform_resize(GIMP_TRANSFORM_RESIZE_ADJUST);
    gimp_context_set_transform_direction(GIMP_TRANSFORM_FORWARD);
    const gint32 turned =
        gimp_item_transform_2d(item, from.x, from.y, 1, 1, degrees * G_PI / 180, to.x, to.y);
    gimp_context_pop();
    if (turned == -1) throw Error(ErrorCode::io, "GIMP does not turn one of the image's layers");
}

void cut_out(gint32 image, const CropPlace& place) {
    PixelBox box = place.box;
    if (place.angle != 0) {
        gimp_selection_none(image);  // or only what is selected would be turned
        const Upright upright = upright_of(place, canvas_of(image));
        box = upright.box;
        const auto items = items_of(image);
        for (const gint32 item : items) unlock(item);
        for (const gint32 item : items) {
            const bool opaque = gimp_item_is_layer(item) && !gimp_drawable_has_alpha(item);
            turn(item, -place.angle, place.middle(), upright.middle);
            if (opaque && gimp_drawable_has_alpha(item)) gimp_layer_flatten(item);
        }
    }
    gimp_image_crop(image, box.width, box.height, box.x, box.y);
}

}  // namespace piaa::plugin
