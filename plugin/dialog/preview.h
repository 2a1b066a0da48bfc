#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <gtk/gtk.h>

#include "actions/viewport.h"

namespace piaa::plugin {

/// The photo in the window: grows with it, is enlarged with the wheel and moved by dragging, or a rectangle
/// is drawn on it.
class Preview {
public:
    /// Packed RGB of view.place(); empty when there is nothing to show yet.
    using Paint = std::function<std::vector<std::uint8_t>(const Viewport& view)>;
    /// drawn: what is done with a rectangle, in shares of the photo.
    Preview(Size photo, Paint paint, std::function<void(const Box&)> drawn);
    Preview(const Preview&) = delete;
    Preview& operator=(const Preview&) = delete;

    GtkWidget* widget() const { return area_; }
    /// What is to be shown has changed.
    void refresh();
    /// Another photo, where its size is another one.
    void show_photo(Size photo);
    void zoom(double factor);
    void see_all();
    /// By tenths of what is seen.
    void move(int right, int down);
    /// Whether dragging draws a rectangle, instead of moving the photo.
    void draw_boxes(bool draws) { draws_boxes_ = draws; }

private:
    void draw(cairo_t* cairo);
    void draw_band(cairo_t* cairo) const;
    bool scroll(const GdkEventScroll& event);
    bool press(const GdkEventButton& event);
    bool drag(const GdkEventMotion& event);
    bool release();

    Paint paint_;
    std::function<void(const Box&)> drawn_;
    std::function<void(cairo_t*)> draw_;
    Size photo_;
    Viewport view_;
    std::vector<std::uint8_t> rgb_;
    bool stale_ = true;
    bool draws_boxes_ = false;
    std::optional<Point> held_;  ///< where the mouse was last while its button is down
    Point band_from_;            ///< the rectangle that is being drawn, in pixels of the widget
    GtkWidget* area_;
};

}  // namespace piaa::plugin
