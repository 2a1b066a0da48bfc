#include "preview.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr Size least_room{300, 225};
constexpr double step = 1.25;
constexpr double shortest_band = 6;  ///< pixels; less is a click

}  // namespace

Preview::Preview(Size photo, Paint paint, std::function<void(const Box&)> drawn)
    : paint_(std::move(paint)),
      drawn_(std::move(drawn)),
      draw_([this](cairo_t* cairo) { draw(cairo); }),
      photo_(photo),
      view_(least_room, photo),
      area_(gtk_drawing_area_new()) {
    gtk_widget_set_size_request(area_, least_room.width, least_room.height);
    gtk_widget_set_can_focus(area_, TRUE);
    gtk_widget_add_events(
        area_, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK | GDK_BUTTON1_MOTION_MASK | GDK_SCROLL_MASK);
    on_draw(area_, &draw_);
    on_event(area_, "scroll-event", [this](GdkEvent* event) { return scroll(event->scroll); });
    on_event(area_, "button-press-event", [this](GdkEvent* event) { return press(event->button); });
    on_event(area_, "motion-notify-event", [this](GdkEvent* event) { return drag(event->motion); });
    on_event(area_, "button-release-event", [this](GdkEvent*) { return release(); });
}

void Preview::refresh() {
    stale_ = true;
    gtk_widget_queue_draw(area_);
}

void Preview::show_photo(Size photo) {
    if (photo == photo_) return;
    photo_ = photo;
    view_.set_photo(photo);
    refresh();
}

void Preview::zoom(double factor) {
    view_.zoom_by(factor, {view_.room().width / 2.0, view_.room().height / 2.0});
    refresh();
}

void Preview::see_all() {
    view_.see_all();
    refresh();
}

void Preview::move(int right, int down) {
    view_.move_by(-right * view_.room().width / 10.0, -down * view_.room().height / 10.0);
    refresh();
}

void Preview::draw(cairo_t* cairo) {
    g_debug("window drawn");  // with G_MESSAGES_DEBUG=all the log says how long what took
    GtkAllocation room;
    gtk_widget_get_allocation(area_, &room);
    if (view_.room() != Size{room.width, room.height}) {
        view_.set_room({room.width, room.height});
        stale_ = true;
    }
    if (stale_) rgb_ = paint_(view_);
    stale_ = false;
    cairo_set_source_rgb(cairo, 0.25, 0.25, 0.25);
    cairo_paint(cairo);
    if (rgb_.empty()) return;
    const PixelBox place = view_.place();
    cairo_save(cairo);
    cairo_translate(cairo, place.x, place.y);
    draw_pixels(cairo, rgb_, {place.width, place.height});
    cairo_restore(cairo);
    if (held_ && draws_boxes_) draw_band(cairo);
}

void Preview::draw_band(cairo_t* cairo) const {
    cairo_rectangle(cairo, std::min(band_from_.x, held_->x), std::min(band_from_.y, held_->y),
                    std::abs(held_->x - band_from_.x), std::abs(held_->y - band_from_.y));
    cairo_set_line_width(cairo, 2);
    cairo_set_source_rgb(cairo, 0.47, 1, 0.47);
    cairo_stroke(cairo);
}

bool Preview::scroll(const GdkEventScroll& event) {
    if (event.direction != GDK_SCROLL_UP && event.direction != GDK_SCROLL_DOWN) return false;
    view_.zoom_by(event.direction == GDK_SCROLL_UP ? step : 1 / step, {event.x, event.y});
    refresh();
    return true;
}

bool Preview::press(const GdkEventButton& event) {
    if (event.button != 1 || event.type != GDK_BUTTON_PRESS) return false;
    gtk_widget_grab_focus(area_);
    held_ = band_from_ = Point{event.x, event.y};
    return true;
}

bool Preview::drag(const GdkEventMotion& event) {
    if (!held_) return false;
    if (!draws_boxes_) view_.move_by(event.x - held_->x, event.y - held_->y);
    held_ = Point{event.x, event.y};
    refresh();
    return true;
}

bool Preview::release() {
    if (!held_) return false;
    const Point from = view_.in_photo(band_from_);
    const Point to = view_.in_photo(*held_);
    const bool long_enough = std::abs(held_->x - band_from_.x) >= shortest_band &&
                             std::abs(held_->y - band_from_.y) >= shortest_band;
    held_.reset();
    refresh();
    if (draws_boxes_ && long_enough && from.x != to.x && from.y != to.y)
        drawn_({std::min(from.x, to.x), std::min(from.y, to.y), std::abs(from.x - to.x),
                std::abs(from.y - to.y)});
    return true;
}

}  // namespace piaa::plugin
