#pragma once

#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

// What GIMP 3 says of an image in another way than GIMP 2.10.

using ImageHandle = GimpImage*;
using Item = GimpItem*;

/// The items of a list that GIMP hands over.
std::vector<Item> taken(GimpItem** list);
std::vector<Item> layers_of(ImageHandle image);
std::vector<Item> layers_in(Item group);
std::vector<Item> channels_of(ImageHandle image);
std::vector<Item> paths_of(ImageHandle image);
PixelBox canvas_of(ImageHandle image);

inline bool is_opaque_layer(Item item) {
    return GIMP_IS_LAYER(item) && !gimp_drawable_has_alpha(GIMP_DRAWABLE(item));
}

/// Does nothing to a channel or a path.
inline void remove_layer(ImageHandle image, Item item) {
    if (GIMP_IS_LAYER(item)) gimp_image_remove_layer(image, GIMP_LAYER(item));
}

inline void flatten(Item layer) {
    gimp_layer_flatten(GIMP_LAYER(layer));
}

/// What keeps an item from being turned.
struct Locks {
    gboolean content = FALSE;
    gboolean position = FALSE;
};

inline Locks locks_of(Item item) {
    return {gimp_item_get_lock_content(item), gimp_item_get_lock_position(item)};
}

inline void lock(Item item, const Locks& locks) {
    gimp_item_set_lock_content(item, locks.content);
    gimp_item_set_lock_position(item, locks.position);
}

inline bool turn_about(Item item, const Point& from, double radians, const Point& to) {
    return gimp_item_transform_2d(item, from.x, from.y, 1, 1, radians, to.x, to.y) != nullptr;
}

}  // namespace piaa::plugin
