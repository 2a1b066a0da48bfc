#pragma once

#include <piaa/crop.h>
#include <piaa/image.h>

namespace piaa {

/// How text of one colour reads in a place of a picture: colour, contrast and scrim of a TextArea. Each of
/// 8 x 8 fields of the place counts, about a letter wide, the one where it reads worst decides.
TextArea text_on(const Image& picture, const Box& place, const Colour& text, double least_contrast);

}  // namespace piaa
