#pragma once

#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

// What GIMP 2.10 says of an image in another way than GIMP 3.

using ImageHandle = gint32;
using Item = gint32;

/// The items of a list that GIMP hands over.
std::vector<Item> taken(gint* list, gint count);
std::vector<Item> layers_of(ImageHandle image);
std::vector<Item> layers_in(Item group);
std::vector<Item> channels_of(ImageHandle image);
std::vector<Item> paths_of(ImageHandle image);
PixelBox canvas_of(ImageHandle image);

inline bool is_opaque_layer(Item item) {
    return gimp_item_is_layer(item) && !gimp_drawable_has_alpha(item);
}

/// Does nothing to a channel or a path.
inline void remove_layer(ImageHandle image, Item item) {
    if (gimp_item_is_layer(item)) gimp_image_remove_layer(image, item);
}

inline void flatten(Item layer) {
    gimp_layer_flatten(layer);
}

/// What keeps an item from being turned by itself.
struct Locks {
    gboolean content = FALSE;
    gboolean position = FALSE;
    gboolean linked = FALSE;  ///< is turned with every other one
};

inline Locks locks_of(Item item) {
    return {gimp_item_get_lock_content(item), gimp_item_get_lock_position(item), gimp_item_get_linked(item)};
}

inline void lock(Item item, const Locks& locks) {
    gimp_item_set_lock_content(item, locks.content);
    gimp_item_set_lock_position(item, locks.position);
    gimp_item_set_linked(item, locks.linked);
}

inline bool turn_about(Item item, const Point& from, double radians, const Point& to) {
    return gimp_item_transform_2d(item, from.x, from.y, 1, 1, radians, to.x, to.y) != -1;
}

}  // namespace piaa::plugin
