#pragma once

#include <vector>

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
    GtkWidget* new_kinds();
    GtkWidget* new_measures();
    GtkWidget* new_measure(const char* label, const char* tip, GtkWidget*& bar, GtkWidget*& text);
    bool press(unsigned key);
    bool press_in_order(unsigned key);
    void show();

    GtkWidget* window_ = nullptr;
    GtkWidget* question_ = nullptr;
    GtkWidget* pair_answers_ = nullptr;
    GtkWidget* order_answers_ = nullptr;
    GtkWidget* orders_ = nullptr;  ///< whether orders are asked for
    GtkWidget* skip_ = nullptr;
    GtkWidget* agreement_bar_ = nullptr;
    GtkWidget* agreement_ = nullptr;
    GtkWidget* trust_bar_ = nullptr;
    GtkWidget* trust_ = nullptr;
    GtkWidget* answers_ = nullptr;
    GtkWidget* problem_ = nullptr;
    TeachState state_;
    Cards cards_;
};

}  // namespace piaa::plugin
