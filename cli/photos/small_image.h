#pragma once

#include <boost/filesystem/path.hpp>

#include <piaa/image.h>

namespace piaa::cli {

/// The size whose longer side is at most `side`, at the same shape; a smaller one stays.
Size within(Size size, int side);

/// A photo from its file, within that size. Throws as read_image().
Image read_within(const boost::filesystem::path& file, int side);

}  // namespace piaa::cli
