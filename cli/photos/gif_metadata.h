#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace piaa::cli {

/// The XMP packet of a GIF, which stands in an application extension of its own; nothing where there is none.
std::string xmp_in_gif(std::span<const std::byte> file);

}  // namespace piaa::cli
