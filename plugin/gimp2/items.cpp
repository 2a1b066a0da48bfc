#include "items.h"

namespace piaa::plugin {

std::vector<Item> taken(gint* list, gint count) {
    const std::vector<Item> items(list, list + count);
    g_free(list);
    return items;
}

namespace {

/// What one of GIMP's functions lists of an image or a group.
std::vector<Item> listed(gint* (*list)(gint32, gint*), gint32 of) {
    gint count = 0;
    gint* items = list(of, &count);
    return taken(items, count);
}

}  // namespace

std::vector<Item> layers_of(ImageHandle image) {
    return listed(gimp_image_get_layers, image);
}

std::vector<Item> layers_in(Item group) {
    return listed(gimp_item_get_children, group);
}

std::vector<Item> channels_of(ImageHandle image) {
    return listed(gimp_image_get_channels, image);
}

std::vector<Item> paths_of(ImageHandle image) {
    return listed(gimp_image_get_vectors, image);
}

PixelBox canvas_of(ImageHandle image) {
    return {0, 0, gimp_image_width(image), gimp_image_height(image)};
}

}  // namespace piaa::plugin
