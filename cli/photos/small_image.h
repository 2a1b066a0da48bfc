#pragma once

#include <boost/filesystem/path.hpp>

#include <piaa/image.h>

#include "photos/image_file.h"

namespace piaa::cli {

/// The size whose longer side is at most `side`, at the same shape; a smaller one stays.
Size within(Size size, int side);

/// A photo from its file at the size that is asked for. Throws as read_image().
Image read_at(const boost::filesystem::path& file, const SmallestSize& size_for);

/// A photo from its file, within that size. Throws as read_image().
Image read_within(const boost::filesystem::path& file, int side);

}  // namespace piaa::cli
