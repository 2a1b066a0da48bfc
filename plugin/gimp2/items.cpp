#include "items.h"

namespace piaa::plugin {

std::vector<Item> taken(gint* list, gint count) {
    const std::vector<Item> items(list, list + count);
    g_free(list);
    return items;
}

std::vector<Item> layers_of(ImageHandle image) {
    gint count = 0;
    gint* layers = gimp_image_get_layers(image, &count);
    return taken(layers, count);
}

std::vector<Item> layers_in(Item group) {
    gint count = 0;
    gint* children = gimp_item_get_children(group, &count);
    return taken(children, count);
}

std::vector<Item> channels_of(ImageHandle image) {
    gint count = 0;
    gint* channels = gimp_image_get_channels(image, &count);
    return taken(channels, count);
}

std::vector<Item> paths_of(ImageHandle image) {
    gint count = 0;
    gint* paths = gimp_image_get_vectors(image, &count);
    return taken(paths, count);
}

PixelBox canvas_of(ImageHandle image) {
    return {0, 0, gimp_image_width(image), gimp_image_height(image)};
}

}  // namespace piaa::plugin
