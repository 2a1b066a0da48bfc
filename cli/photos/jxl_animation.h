#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vips/vips8>

namespace piaa::cli {

/// The first frame of a JPEG XL file that is an animation, of which libvips gives the last: upright, in 8 or
/// 16 bits, with transparency, in memory. Nothing for a still picture and for what is damaged, of which
/// libvips tells.
std::optional<vips::VImage> first_frame_of_animation(std::span<const std::byte> file);

}  // namespace piaa::cli
