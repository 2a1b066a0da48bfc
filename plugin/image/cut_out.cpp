#include "cut_out.h"

#include <string>
#include <utility>

#include <piaa/error.h>

#include "actions/result.h"

namespace piaa::plugin {
namespace {

/// Takes the locks off items and off all that is in them, and puts them back at the end.
class Unlocked {
public:
    explicit Unlocked(const std::vector<Item>& items) {
        for (const Item item : items) unlock(item);
    }
    ~Unlocked() {
        for (const auto& [item, locks] : before_) lock(item, locks);
    }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

private:
    void unlock(Item item) {
        before_.emplace_back(item, locks_of(item));
        lock(item, {});
        if (gimp_item_is_group(item))
            for (const Item child : layers_in(item)) unlock(child);
    }

    std::vector<std::pair<Item, Locks>> before_;
};

/// Everything in an image that is turned with it: of layers the outermost, which take along what is in them.
std::vector<Item> items_of(ImageHandle image) {
    std::vector<Item> items = layers_of(image);
    for (const auto& others : {channels_of(image), paths_of(image)})
        items.insert(items.end(), others.begin(), others.end());
    return items;
}

std::string name_of(Item item) {
    gchar* name = gimp_item_get_name(item);
    std::string text = name;
    g_free(name);
    return text;
}

}  // namespace

void turn(Item item, double degrees, const Point& from, const Point& to) {
    gimp_context_push();
    gimp_context_set_interpolation(GIMP_INTERPOLATION_CUBIC);
    gimp_context_set_transform_resize(GIMP_TRANSFORM_RESIZE_ADJUST);
    gimp_context_set_transform_direction(GIMP_TRANSFORM_FORWARD);
    const bool turned = turn_about(item, from, degrees * G_PI / 180, to);
    gimp_context_pop();
    if (!turned)
        throw Error(ErrorCode::io, "GIMP does not turn the layer, channel or path '" + name_of(item) +
                                       "'; Edit > Undo takes back what was done before");
}

void cut_out(ImageHandle image, const CropPlace& place) {
    if (place.angle == 0) {
        gimp_image_crop(image, place.box.width, place.box.height, place.box.x, place.box.y);
        return;
    }
    gimp_selection_none(image);  // or only what is selected would be turned
    const Upright upright = upright_of(place, canvas_of(image));
    const auto items = items_of(image);
    const Unlocked unlocked(items);
    for (const Item item : items) {
        const bool opaque = is_opaque_layer(item);
        turn(item, -place.angle, place.middle(), upright.middle);
        if (opaque && !is_opaque_layer(item)) flatten(item);
    }
    gimp_image_crop(image, upright.box.width, upright.box.height, upright.box.x, upright.box.y);
}

}  // namespace piaa::plugin
