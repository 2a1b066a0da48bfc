#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <piaa/crop.h>
#include <piaa/image.h>

namespace piaa::plugin {

inline Size size_of(const PixelBox& box) {
    return {box.width, box.height};
}

/// A picture to lay over the photo: RGBA, row by row, stretched over the photo.
struct OverlayLayer {
    std::string name;
    Size size;
    std::vector<std::uint8_t> pixels;
    double opacity = 60;  ///< 0 to 100, as GIMP shows it
};

/// Where a crop lies in the image.
struct CropPlace {
    PixelBox box;                  ///< in the image; in the levelled photo where there is an angle
    double angle = 0;              ///< degrees that it is turned clockwise about its middle
    std::array<Point, 4> corners;  ///< in pixels of the image, from its top left clockwise

    Point middle() const { return {(corners[0].x + corners[2].x) / 2, (corners[0].y + corners[2].y) / 2}; }
};

/// A layer of the crop's size with nothing but a frame along its inner border.
struct FrameLayer {
    std::string name;
    PixelBox box;  ///< in the image
    int thickness = 1;
    Colour colour;
    bool visible = true;
    double angle = 0;  ///< degrees that it is turned clockwise about its middle
};

/// GIMP as the actions see it: one image with one chosen layer. Whatever fails is an Error. Boxes are in
/// pixels of the image (the canvas). Called from the main thread only.
class Host {
public:
    virtual ~Host() = default;

    /// Whether the chosen layer alone is not what is seen: other layers are visible, or it has a mask or
    /// effects.
    virtual bool shows_more_than_layer() const = 0;
    /// What the other functions take for the photo from now on: all that is visible, or the chosen layer
    /// alone; as far as it is selected, or not. As made, a host looks at the selected part of the layer.
    virtual void look_at(bool visible, bool selected_only) = 0;
    /// What is judged: the part of the canvas or of the chosen layer, on the canvas, inside the selection.
    /// Empty (width or height 0) when they do not meet.
    virtual PixelBox photo() const = 0;
    /// Around the selection, in the image; empty when nothing is selected.
    virtual PixelBox selection() const = 0;
    /// The photo's name for people and for new images, without folder and ending: "beach".
    virtual std::string name() const = 0;
    /// Whether layers can show colours; false for greyscale images.
    virtual bool has_colour() const = 0;
    /// Rows first to first + count - 1 of photo() in sRGB, blended over white where transparent, packed RGB.
    virtual std::vector<std::uint8_t> read_rows(int first, int count) = 0;
    /// The other images that are open, as far as they can be judged; look_at() before anything is read.
    virtual std::vector<std::unique_ptr<Host>> other_photos() const = 0;
    /// done: 0 to 1.
    virtual void progress(double done, const std::string& text) = 0;

    /// Everything from begin_changes() to end_changes() is one step of undo.
    virtual void begin_changes() = 0;
    virtual void end_changes() = 0;
    /// Takes away what an earlier run added: its group, its paths, and its guides where they still stand.
    virtual void remove_earlier() = 0;
    /// A new group just above the chosen layer and the locked groups that it is in, or above all that is
    /// visible; layers added from now on go into it.
    virtual void add_group(const std::string& name) = 0;
    virtual void add_layer(const OverlayLayer& overlay) = 0;
    virtual void add_layer(const FrameLayer& frame) = 0;
    /// Guides along the four sides.
    virtual void add_guides(const PixelBox& box) = 0;
    virtual void add_path(const std::string& name, const CropPlace& place) = 0;
    /// A note that stays in the image file.
    virtual void attach_note(const std::string& json) = 0;
    /// Throws when crop() or make_image() could not turn all that is in the image. Changes nothing.
    virtual void check_crop(const CropPlace& place) = 0;
    /// Turns all that is in the image where the crop has an angle; nothing is selected then.
    virtual void crop(const CropPlace& place) = 0;
    /// Another image with a copy of all layers but those of an earlier run, cropped as by crop(), and shown
    /// where there is a display. The copy of the chosen layer gets the name; so does the image in GIMP 2.10,
    /// by a file beside the photo's, or in the user's folder for pictures, whose name has no ending. GIMP
    /// asks where to save the image and overwrites nothing.
    virtual void make_image(const CropPlace& place, const std::string& name, const std::string& note) = 0;
};

}  // namespace piaa::plugin
