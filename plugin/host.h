#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <piaa/image.h>

namespace piaa::plugin {

/// A picture to lay over the photo: RGBA, row by row, stretched over the chosen layer.
struct OverlayLayer {
    std::string name;
    Size size;
    std::vector<std::uint8_t> pixels;
    double opacity = 60;  ///< 0 to 100, as GIMP shows it
};

/// GIMP as the actions see it: one image with one chosen layer. Whatever fails is an Error.
class Host {
public:
    virtual ~Host() = default;

    virtual Size layer_size() const = 0;
    /// The chosen layer in sRGB over white, shrunk to at most so many pixels a side.
    virtual Image read_layer(int longest_side) = 0;
    virtual void progress(double done, const std::string& text) = 0;

    /// Everything from begin_changes() to end_changes() is one step of undo.
    virtual void begin_changes() = 0;
    virtual void end_changes() = 0;
    /// A new group just above the chosen layer, with the overlay in it.
    virtual void add_group(const std::string& name, const OverlayLayer& overlay) = 0;
    /// A note that stays in the image file.
    virtual void attach_note(const std::string& json) = 0;
};

}  // namespace piaa::plugin
