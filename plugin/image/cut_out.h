#pragma once

#include "items.h"

namespace piaa::plugin {

/// Turns an item clockwise, so that one place of the image comes to lie at another. Throws Error(io).
void turn(Item item, double degrees, const Point& from, const Point& to);

/// Throws what cut_out() would throw half-way; GIMP lets no plug-in undo. Tries it on a copy of the image.
void check_cut_out(ImageHandle image, const CropPlace& place);

/// The image becomes the crop; turned, it has nothing selected then. Throws as turn().
void cut_out(ImageHandle image, const CropPlace& place);

}  // namespace piaa::plugin
