#pragma once

#include <string>

#include <gtk/gtk.h>

#include "actions/teach_state.h"
#include "cards.h"

namespace piaa::plugin {

/// The window in which a person's taste is taught: two pictures, or five to be put in an order.
class TeachWindow {
public:
    TeachWindow(GtkWindow* owner, DialogState& dialog, Host& host);
    ~TeachWindow();
    TeachWindow(const TeachWindow&) = delete;
    TeachWindow& operator=(const TeachWindow&) = delete;

    /// Shows the window until it is closed.
    void run();
    /// The dialog has something new.
    void proceed() { state_.proceed(); }

private:
    GtkWidget* new_answers();
    GtkWidget* new_stars();
    GtkWidget* new_kinds();
    GtkWidget* new_measures();
    bool press(unsigned key);
    bool press_in_order(unsigned key);
    bool press_stars(unsigned key);
    void show();

    /// A number with its bar.
    struct Measure {
        GtkWidget* bar = nullptr;
        GtkWidget* text = nullptr;
    };
    static GtkWidget* new_measure(Measure& measure, const char* tip);
    static void show_measure(const Measure& measure, double share, const std::string& text);

    GtkWidget* window_ = nullptr;
    GtkWidget* question_ = nullptr;
    GtkWidget* pair_answers_ = nullptr;
    GtkWidget* order_answers_ = nullptr;
    GtkWidget* star_answers_ = nullptr;
    GtkWidget* skip_ = nullptr;
    Measure foreseen_;
    Measure agreement_;
    Measure trust_;
    GtkWidget* answers_ = nullptr;
    GtkWidget* problem_ = nullptr;
    TeachState state_;
    Cards cards_;
};

}  // namespace piaa::plugin
