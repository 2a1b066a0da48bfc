#include "cut_out.h"

#include <string>
#include <utility>

#include <piaa/error.h>

#include "actions/result.h"

namespace piaa::plugin {
namespace {

using LocksBefore = std::vector<std::pair<Item, Locks>>;

/// Takes the locks off items and off all that is in them.
LocksBefore unlock(const std::vector<Item>& items) {
    LocksBefore before;
    for (const Item item : items) {
        before.emplace_back(item, locks_of(item));
        lock(item, {});
        if (!gimp_item_is_group(item)) continue;
        const LocksBefore inside = unlock(layers_in(item));
        before.insert(before.end(), inside.begin(), inside.end());
    }
    return before;
}

/// The same until the end.
class Unlocked {
public:
    explicit Unlocked(const std::vector<Item>& items) : before_(unlock(items)) {}
    ~Unlocked() {
        for (const auto& [item, locks] : before_) lock(item, locks);
    }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

private:
    LocksBefore before_;
};

/// A copy of an image that nobody sees.
class Copy {
public:
    explicit Copy(ImageHandle image) : image_(gimp_image_duplicate(image)) {
        gimp_image_undo_disable(image_);
        gimp_selection_none(image_);
    }
    ~Copy() { gimp_image_delete(image_); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ImageHandle image() const { return image_; }

private:
    ImageHandle image_;
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

void turn_by(GimpInterpolationType interpolation, Item item, double degrees, const Point& from,
             const Point& to) {
    gimp_context_push();
    gimp_context_set_interpolation(interpolation);
    gimp_context_set_transform_resize(GIMP_TRANSFORM_RESIZE_ADJUST);
    gimp_context_set_transform_direction(GIMP_TRANSFORM_FORWARD);
    const bool turned = turn_about(item, from, degrees * G_PI / 180, to);
    gimp_context_pop();
    if (!turned)
        throw Error(ErrorCode::io, "GIMP does not turn the layer, channel or path '" + name_of(item) +
                                       "', which a levelled crop needs");
}

}  // namespace

void turn(Item item, double degrees, const Point& from, const Point& to) {
    turn_by(GIMP_INTERPOLATION_CUBIC, item, degrees, from, to);
}

void check_cut_out(ImageHandle image, const CropPlace& place) {
    if (place.angle == 0) return;
    const Copy copy(image);
    const auto items = items_of(copy.image());
    unlock(items);
    for (const Item item : items) {
        turn_by(GIMP_INTERPOLATION_NONE, item, -place.angle, place.middle(), place.middle());
        remove_layer(copy.image(), item);  // so that no more than one of them takes memory anew
    }
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
