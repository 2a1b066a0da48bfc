#pragma once

#include <cstdint>
#include <vector>

#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa::plugin {

/// How a photo is looked at in a widget: all of it as large as it fits, or a part of it larger.
class Viewport {
public:
    /// room: the widget's pixels. photo: only its aspect counts.
    Viewport(Size room, Size photo) : room_(room), photo_(photo) {}

    Size room() const { return room_; }
    double zoom() const { return zoom_; }  ///< 1: all of the photo
    /// The part of the photo that is seen, in shares of it.
    Box part() const;
    /// Where in the widget it is drawn.
    PixelBox place() const;
    /// A place of the photo, in shares of it, in pixels of the widget; and back, limited to the photo.
    Point in_widget(const Point& photo) const;
    Point in_photo(const Point& widget) const;

    void set_room(Size room);
    void set_photo(Size photo);  ///< all of it is seen then
    /// Enlarges by a factor, as far as sensible; what lies under that pixel of the widget stays there.
    void zoom_by(double factor, const Point& widget);
    /// Moves the photo by so many pixels of the widget.
    void move_by(double right, double down);
    void see_all();

private:
    double scale() const;
    void settle();

    Size room_;
    Size photo_;
    double zoom_ = 1;
    Point centre_;  ///< of the part, in shares of the photo
};

/// A part of packed pixels of `channels` bytes each, drawn at another size by linear interpolation.
std::vector<std::uint8_t> part_of(const std::vector<std::uint8_t>& pixels, Size size, int channels,
                                  const Box& part, Size wanted);

/// A part of a picture at another size, without aliases when it shrinks.
Image part_of(const Image& picture, const Box& part, Size wanted);

}  // namespace piaa::plugin
