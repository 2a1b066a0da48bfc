#pragma once

#include <optional>
#include <string>
#include <vector>

#include <piaa/crop.h>

namespace piaa::cli {

/// One shape of crop that a command was asked for: a preset, an aspect or none in particular.
struct CropFormat {
    std::string name;  ///< "square", "4:5", "free"
    piaa::CropOptions options;
    std::optional<Size> size;  ///< pixels of the finished picture
};

/// A box as --keep and --blank take it: x,y,w,h; shares of the sides when all four are at most 1, else
/// pixels.
struct BoxArgument {
    Box box;
    bool pixels = false;

    /// In shares of a picture of this size, cut off at its borders. Throws Error(bad_argument) when nothing
    /// is left of it.
    Box in(Size picture) const;
};

/// Shares where no number is above 1. Throws Error(bad_argument) for anything but four numbers with commas,
/// none negative and neither side 0 or, in pixels, below 1.
BoxArgument parse_box(const std::string& text);

/// "1080x1350". Throws Error(bad_argument) otherwise.
Size parse_size(const std::string& text);

/// A part of a box, given in shares of it.
Box part_of(const Box& whole, const Box& part);

/// "#1a2b3c", as CSS has it, also without "#" or as "#abc". Throws Error(bad_argument) otherwise.
Colour parse_colour(const std::string& text);

/// "#1a2b3c".
std::string hex(const Colour& colour);

/// The formats for these presets and aspects ("4:5"), in the order given; one free format for neither.
/// upscale: a preset's size in pixels may be larger than the crop. Throws as find_preset and parse_aspect do.
std::vector<CropFormat> crop_formats(const std::vector<std::string>& presets,
                                     const std::vector<std::string>& aspects, bool upscale);

}  // namespace piaa::cli
