#pragma once

#include <array>

#include <piaa/export.h>
#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

struct Features;
class Model;

/// How a photo is tilted, as its straight lines tell.
struct Tilt {
    /// Degrees by which horizon and verticals are turned clockwise, from -8 to 8; 0 where no line tells.
    double angle = 0;
    /// 0 to 1: the chance that the angle is right within a degree, less twice the chance that the photo is
    /// level.
    double certainty = 0;
};

/// Pixels of the picture in which a photo's straight lines are found well: 512 along the longer side, or the
/// photo's own where it has fewer.
PIAA_API Size lines_size(Size photo);
/// Whether a picture of the photo that has fewer will do.
PIAA_API bool shows_lines(Size picture, Size photo);

/// Looks for line segments (LSD), and asks a small network which of those are a horizon, a waterline or an
/// upright. A picture of lines_size() is what it was made for.
/// OpenCV is opened on first need. Throws Error(io) when it is not installed, Error(bad_model) naming
/// level.safetensors where that is missing or another. Safe to call from several threads.
PIAA_API Tilt estimate_tilt(const Image& picture);

/// The angle to level a photo by: the tilt where that is sure and worth it, from 0.7 degrees on; else 0.
PIAA_API double sure_tilt(const Tilt& tilt);
/// The same of a picture of a photo whose features the model has extracted; 0 for graphics, whose designs may
/// slant.
PIAA_API double sure_tilt(const Model& model, const Features& photo, const Image& picture);

/// A photo as it was, and the angle at which an upright frame was laid on it: the frame is turned clockwise
/// about the photo's middle, so that what was tilted clockwise comes out level. It is the largest one by area
/// that lies inside the photo.
struct Levelling {
    double angle = 0;  ///< degrees, clockwise, -45 to 45
    Size photo;        ///< pixels of the photo

    /// Pixels of the frame, at least 1x1; those of the photo where the angle is 0.
    PIAA_API Size frame() const;
    /// The corners of a box of the frame as shares of the photo, from its top left clockwise.
    PIAA_API std::array<Point, 4> corners(const Box& box) const;
    /// The smallest upright box of the frame that holds what of a box of the photo lies in it, as shares of
    /// the frame; without area where nothing does.
    PIAA_API Box in_frame(const Box& box) const;
    /// Whether the frame cuts nothing off a box of the photo.
    PIAA_API bool holds(const Box& box) const;
};

/// What levels a photo of that tilt: the angle in hundredths of a degree, as records and sidecars tell it.
PIAA_API Levelling levelling_by(double tilt, Size photo);

/// What the frame shows, or a box of it, which lies inside: by cubic convolution.
PIAA_API Image levelled(const Image& picture, double angle);
PIAA_API Image levelled(const Image& picture, double angle, const PixelBox& box);

}  // namespace piaa
