#include "items.h"

namespace piaa::plugin {

std::vector<Item> taken(GimpItem** list) {
    std::vector<Item> items;
    for (GimpItem** item = list; item != nullptr && *item != nullptr; ++item) items.push_back(*item);
    g_free(list);
    return items;
}

std::vector<Item> layers_of(ImageHandle image) {
    return taken(reinterpret_cast<GimpItem**>(gimp_image_get_layers(image)));
}

std::vector<Item> layers_in(Item group) {
    return taken(gimp_item_get_children(group));
}

std::vector<Item> channels_of(ImageHandle image) {
    return taken(reinterpret_cast<GimpItem**>(gimp_image_get_channels(image)));
}

std::vector<Item> paths_of(ImageHandle image) {
    return taken(reinterpret_cast<GimpItem**>(gimp_image_get_paths(image)));
}

PixelBox canvas_of(ImageHandle image) {
    return {0, 0, gimp_image_get_width(image), gimp_image_get_height(image)};
}

}  // namespace piaa::plugin
