#pragma once

#include <vips/vips8>

#include "photos/jpeg_eighth.h"

namespace piaa::cli {

/// The pixels as libvips would have loaded them, with what `header` says of their colours and their turn.
vips::VImage loaded(const JpegPixels& pixels, const vips::VImage& header);

}  // namespace piaa::cli
