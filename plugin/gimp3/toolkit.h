#pragma once

#include <functional>

#include <gtk/gtk.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <piaa/image.h>

namespace piaa::plugin {

// What GTK 3 does in another way than GTK 2.

inline GtkWidget* new_column(int spacing) {
    return gtk_box_new(GTK_ORIENTATION_VERTICAL, spacing);
}

inline GtkWidget* new_row(int spacing) {
    return gtk_box_new(GTK_ORIENTATION_HORIZONTAL, spacing);
}

inline GtkWidget* new_scale(double low, double high, double step) {
    return gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, low, high, step);
}

/// What the screen has room for.
inline Size room_on_screen(GtkWidget* window) {
    GdkDisplay* display = gtk_widget_get_display(window);
    GdkMonitor* monitor = gdk_display_get_primary_monitor(display);
    if (monitor == nullptr) monitor = gdk_display_get_monitor(display, 0);
    GdkRectangle room{0, 0, 1024, 768};
    if (monitor != nullptr) gdk_monitor_get_workarea(monitor, &room);
    return {room.width, room.height};
}

inline void align_left(GtkWidget* label) {
    gtk_label_set_xalign(GTK_LABEL(label), 0);
}

inline void add_scrolled(GtkWidget* scrolled, GtkWidget* child) {
    gtk_container_add(GTK_CONTAINER(scrolled), child);
}

inline void align_top_left(GtkWidget* label) {
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_yalign(GTK_LABEL(label), 0);
}

/// What may be given another width than the label asks for: itself, as GTK 3's labels wrap at what they are
/// given. Otherwise it would ask for the width of its whole text.
inline GtkWidget* new_wrapping(GtkWidget* label) {
    gtk_label_set_max_width_chars(GTK_LABEL(label), 1);
    return label;
}

/// Opens a menu above a button.
inline void pop_up(GtkWidget* menu, GtkWidget* button) {
    gtk_menu_popup_at_widget(GTK_MENU(menu), button, GDK_GRAVITY_NORTH_WEST, GDK_GRAVITY_SOUTH_WEST, nullptr);
}

/// Cuts the chosen label off after so many letters, but not those of the open list.
inline void shorten_when_chosen(GtkComboBox* chooser, GtkCellRenderer* cell, int letters) {
    g_object_set(cell, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", letters, nullptr);
    gtk_combo_box_set_popup_fixed_width(chooser, FALSE);  // a list takes the width that its labels like
}

using Draw = std::function<void(cairo_t*)>;

/// Calls `draw` whenever the widget has to be drawn; it must live as long as the widget.
inline void on_draw(GtkWidget* widget, Draw* draw) {
    const auto paint = +[](GtkWidget*, cairo_t* cairo, gpointer data) -> gboolean {
        (*static_cast<Draw*>(data))(cairo);
        return TRUE;
    };
    g_signal_connect(widget, "draw", G_CALLBACK(paint), draw);
}

/// Labels on the left, controls on the right.
class Form {
public:
    /// labels: makes the labels of several forms equally wide.
    explicit Form(GtkSizeGroup* labels) : labels_(labels), grid_(gtk_grid_new()) {
        gtk_grid_set_column_spacing(GTK_GRID(grid_), 8);
        gtk_grid_set_row_spacing(GTK_GRID(grid_), 4);
    }
    GtkWidget* widget() const { return grid_; }
    void add(const char* label, GtkWidget* control) { add(label, control, control); }
    /// target: the part of the control that the label's letter leads to.
    void add(const char* label, GtkWidget* control, GtkWidget* target) {
        GtkWidget* text = gtk_label_new_with_mnemonic(label);
        align_left(text);
        gtk_label_set_mnemonic_widget(GTK_LABEL(text), target);
        gtk_size_group_add_widget(labels_, text);
        gtk_grid_attach(GTK_GRID(grid_), text, 0, row_, 1, 1);
        gtk_widget_set_hexpand(control, TRUE);
        gtk_grid_attach(GTK_GRID(grid_), control, 1, row_++, 1, 1);
    }
    void add(GtkWidget* control) { gtk_grid_attach(GTK_GRID(grid_), control, 0, row_++, 2, 1); }

private:
    GtkSizeGroup* labels_;
    GtkWidget* grid_;
    int row_ = 0;
};

}  // namespace piaa::plugin
