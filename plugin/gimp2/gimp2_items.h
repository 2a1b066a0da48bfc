#pragma once

#include <vector>

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// The items of a list that GIMP hands over.
std::vector<gint32> taken(gint* list, gint count);
std::vector<gint32> layers_of(gint32 image);
std::vector<gint32> layers_in(gint32 group);
PixelBox canvas_of(gint32 image);

/// Turns an item clockwise, so that one place of the image comes to lie at another. Throws Error(io).
void turn(gint32 item, double degrees, const Point& from, const Point& to);

/// The image becomes the crop; turned, it has nothing selected then. Throws as turn().
void cut_out(gint32 image, const CropPlace& place);

}  // namespace piaa::plugin
