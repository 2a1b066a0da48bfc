#pragma once

#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// The items of a list that GIMP hands over.
std::vector<GimpItem*> taken(GimpItem** list);
std::vector<GimpItem*> layers_of(GimpImage* image);
std::vector<GimpItem*> layers_in(GimpItem* group);
PixelBox canvas_of(GimpImage* image);

/// Turns an item clockwise, so that one place of the image comes to lie at another. Throws Error(io).
void turn(GimpItem* item, double degrees, const Point& from, const Point& to);

/// The image becomes the crop; turned, it has nothing selected then. Throws as turn().
void cut_out(GimpImage* image, const CropPlace& place);

}  // namespace piaa::plugin
