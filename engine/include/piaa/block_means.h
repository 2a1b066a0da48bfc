#pragma once

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// 8 where a photo of which so much is needed (decode_size()) is looked at as the means of 8x8 pixels,
/// else 1. A JPEG decoder gives those means at an eighth; who has all pixels takes block_means(), or leaves
/// it to extract_features().
PIAA_API int decode_block(Size photo, Size needed);

/// The means of each block x block pixels, those at the right and the lower border of what is left there.
/// Throws Error(bad_argument) when `block` is not positive.
PIAA_API Image block_means(const Image& image, int block);

}  // namespace piaa
