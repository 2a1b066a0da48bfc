#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include <gtk/gtk.h>

#include <piaa/image.h>

namespace piaa::plugin {

/// Pictures side by side, of which one is clicked, or which are dragged into an order.
class Cards {
public:
    struct Answers {
        std::function<void(std::size_t card)> chosen;                      ///< was clicked
        std::function<void(std::size_t from, std::size_t to)> moved = {};  ///< was dragged
    };
    explicit Cards(Answers answers);
    Cards(const Cards&) = delete;
    Cards& operator=(const Cards&) = delete;

    GtkWidget* widget() const { return area_; }
    /// The pictures live until others are shown. ordered: they have numbers and can be dragged.
    void show(std::vector<const Image*> pictures, bool ordered);
    /// Of an order: chooses the card at the right (1) or left (-1), or moves the chosen one there.
    void step(int right);
    void shift(int right);

private:
    struct Place {
        double x, y, width, height;
    };
    Place cell(std::size_t card) const;
    std::optional<std::size_t> card_at(double x) const;
    void draw(cairo_t* cairo) const;
    void draw_card(cairo_t* cairo, std::size_t card, double right) const;
    bool press(const GdkEventButton& event);
    bool drag(const GdkEventMotion& event);
    bool release(const GdkEventButton& event);

    Answers answers_;
    std::function<void(cairo_t*)> draw_;
    std::vector<const Image*> pictures_;
    bool ordered_ = false;
    std::size_t chosen_ = 0;           ///< of an order, by the keyboard
    std::optional<std::size_t> held_;  ///< while the mouse's button is down
    double held_at_ = 0;
    double moved_by_ = 0;
    GtkWidget* area_;
};

}  // namespace piaa::plugin
