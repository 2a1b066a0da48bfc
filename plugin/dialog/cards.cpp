#include "cards.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr Size least_room{600, 260};
constexpr double gap = 12;
constexpr double frame = 3;

/// The number in the upper left corner of a card.
void draw_number(cairo_t* cairo, double x, double y, std::size_t number) {
    constexpr double radius = 14;
    cairo_arc(cairo, x + radius + 6, y + radius + 6, radius, 0, 2 * G_PI);
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.75);
    cairo_fill(cairo);
    cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cairo, 1.2 * radius);
    const std::string text = std::to_string(number);
    cairo_text_extents_t size;
    cairo_text_extents(cairo, text.c_str(), &size);
    cairo_move_to(cairo, x + radius + 6 - size.width / 2 - size.x_bearing,
                  y + radius + 6 - size.height / 2 - size.y_bearing);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_show_text(cairo, text.c_str());
}

}  // namespace

Cards::Cards(Answers answers)
    : answers_(std::move(answers)),
      draw_([this](cairo_t* cairo) { draw(cairo); }),
      area_(gtk_drawing_area_new()) {
    gtk_widget_set_size_request(area_, least_room.width, least_room.height);
    gtk_widget_set_can_focus(area_, TRUE);
    gtk_widget_add_events(area_, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK | GDK_BUTTON1_MOTION_MASK);
    on_draw(area_, &draw_);
    on_event(area_, "button-press-event", [this](GdkEvent* event) { return press(event->button); });
    on_event(area_, "motion-notify-event", [this](GdkEvent* event) { return drag(event->motion); });
    on_event(area_, "button-release-event", [this](GdkEvent* event) { return release(event->button); });
}

void Cards::show(std::vector<const Image*> pictures, bool ordered) {
    const bool others = pictures.size() != pictures_.size() ||
                        !std::is_permutation(pictures.begin(), pictures.end(), pictures_.begin());
    if (others) {
        chosen_ = 0;
        held_.reset();
    }
    pictures_ = std::move(pictures);
    ordered_ = ordered;
    gtk_widget_queue_draw(area_);
}

void Cards::step(int right) {
    const int last = static_cast<int>(pictures_.size()) - 1;
    chosen_ = static_cast<std::size_t>(std::clamp(static_cast<int>(chosen_) + right, 0, std::max(0, last)));
    gtk_widget_queue_draw(area_);
}

void Cards::shift(int right) {
    const std::size_t from = chosen_;
    step(right);
    if (chosen_ != from) answers_.moved(from, chosen_);
}

Cards::Place Cards::cell(std::size_t card) const {
    GtkAllocation room;
    gtk_widget_get_allocation(area_, &room);
    const double width = static_cast<double>(room.width) / static_cast<double>(pictures_.size());
    return {static_cast<double>(card) * width + gap / 2, gap / 2, width - gap, room.height - gap};
}

std::optional<std::size_t> Cards::card_at(double x) const {
    if (pictures_.empty()) return {};
    const Place first = cell(0);
    const double place = std::floor(x / (first.width + gap));
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(pictures_.size() - 1)));
}

void Cards::draw(cairo_t* cairo) const {
    for (std::size_t card = 0; card < pictures_.size(); ++card)
        if (held_ != card) draw_card(cairo, card, 0);
    if (held_) draw_card(cairo, *held_, ordered_ ? moved_by_ : 0);  // over the others
}

void Cards::draw_card(cairo_t* cairo, std::size_t card, double right) const {
    const Place place = cell(card);
    const Image& picture = *pictures_[card];
    const double scale = std::min(place.width / picture.width(), place.height / picture.height());
    const double width = scale * picture.width(), height = scale * picture.height();
    const double x = place.x + (place.width - width) / 2 + right;
    const double y = place.y + (place.height - height) / 2;
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, scale, scale);
    draw_pixels(cairo, {picture.pixels().begin(), picture.pixels().end()}, picture.size());
    cairo_restore(cairo);
    if (!ordered_) return;
    if (card == (held_ ? *held_ : chosen_)) {
        cairo_rectangle(cairo, x, y, width, height);
        cairo_set_line_width(cairo, frame);
        cairo_set_source_rgb(cairo, 0.2, 0.55, 1);
        cairo_stroke(cairo);
    }
    draw_number(cairo, x, y, card + 1);
}

bool Cards::press(const GdkEventButton& event) {
    if (event.button != 1 || event.type != GDK_BUTTON_PRESS) return false;
    gtk_widget_grab_focus(area_);
    held_ = card_at(event.x);
    held_at_ = event.x;
    moved_by_ = 0;
    if (held_) chosen_ = *held_;
    gtk_widget_queue_draw(area_);
    return true;
}

bool Cards::drag(const GdkEventMotion& event) {
    if (!held_) return false;
    moved_by_ = event.x - held_at_;
    gtk_widget_queue_draw(area_);
    return true;
}

bool Cards::release(const GdkEventButton& event) {
    if (!held_) return false;
    const std::size_t from = *held_;
    const std::optional<std::size_t> to = card_at(event.x);
    held_.reset();
    gtk_widget_queue_draw(area_);
    if (!to || from >= pictures_.size()) return true;
    if (ordered_ && *to != from) {
        chosen_ = *to;
        answers_.moved(from, *to);
    } else if (*to == from) {
        answers_.chosen(from);
    }
    return true;
}

}  // namespace piaa::plugin
