#pragma once

#include <functional>

#include <gtk/gtk.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <piaa/image.h>

namespace piaa::plugin {

// What GTK 2 does in another way than GTK 3.

inline GtkWidget* new_column(int spacing) {
    return gtk_vbox_new(FALSE, spacing);
}

inline GtkWidget* new_row(int spacing) {
    return gtk_hbox_new(FALSE, spacing);
}

inline GtkWidget* new_scale(double low, double high, double step) {
    return gtk_hscale_new_with_range(low, high, step);
}

/// What the screen has room for.
inline Size room_on_screen(GtkWidget* window) {
    GdkScreen* screen = gtk_widget_get_screen(window);
    return {gdk_screen_get_width(screen), gdk_screen_get_height(screen)};
}

inline void align_left(GtkWidget* label) {
    gtk_misc_set_alignment(GTK_MISC(label), 0, 0.5);
}

inline void add_scrolled(GtkWidget* scrolled, GtkWidget* child) {
    gtk_scrolled_window_add_with_viewport(GTK_SCROLLED_WINDOW(scrolled), child);
    gtk_viewport_set_shadow_type(GTK_VIEWPORT(gtk_bin_get_child(GTK_BIN(scrolled))), GTK_SHADOW_NONE);
}

inline void align_top_left(GtkWidget* label) {
    gtk_misc_set_alignment(GTK_MISC(label), 0, 0);
}

/// What may be given another width than the label in it asks for: GTK 2's labels wrap at the width that they
/// ask for, whatever they are given.
inline GtkWidget* new_wrapping(GtkWidget* label) {
    GtkWidget* frame = gtk_fixed_new();
    gtk_fixed_put(GTK_FIXED(frame), label, 0, 0);
    return frame;
}

/// Opens a menu at the pointer.
inline void pop_up(GtkWidget* menu, GtkWidget*) {
    gtk_menu_popup(GTK_MENU(menu), nullptr, nullptr, nullptr, nullptr, 0, gtk_get_current_event_time());
}

/// Cuts the chosen label off after so many letters, but not those of the open list.
inline void shorten_when_chosen(GtkComboBox* chooser, GtkCellRenderer* cell, int letters) {
    const auto shorten =
        +[](GtkCellLayout* layout, GtkCellRenderer* renderer, GtkTreeModel*, GtkTreeIter*, gpointer most) {
            const bool listed =
                GTK_IS_WIDGET(layout) && GTK_IS_MENU_ITEM(gtk_widget_get_parent(GTK_WIDGET(layout)));
            g_object_set(renderer, "ellipsize", listed ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END,
                         "width-chars", listed ? -1 : GPOINTER_TO_INT(most), nullptr);
        };
    gtk_cell_layout_set_cell_data_func(GTK_CELL_LAYOUT(chooser), cell, shorten, GINT_TO_POINTER(letters),
                                       nullptr);
}

using Draw = std::function<void(cairo_t*)>;

/// Calls `draw` whenever the widget has to be drawn; it must live as long as the widget.
inline void on_draw(GtkWidget* widget, Draw* draw) {
    const auto expose = +[](GtkWidget* area, GdkEventExpose*, gpointer data) -> gboolean {
        cairo_t* cairo = gdk_cairo_create(gtk_widget_get_window(area));
        (*static_cast<Draw*>(data))(cairo);
        cairo_destroy(cairo);
        return TRUE;
    };
    g_signal_connect(widget, "expose-event", G_CALLBACK(expose), draw);
}

/// Labels on the left, controls on the right.
class Form {
public:
    /// labels: makes the labels of several forms equally wide.
    explicit Form(GtkSizeGroup* labels) : labels_(labels), table_(gtk_table_new(1, 2, FALSE)) {
        gtk_table_set_col_spacings(GTK_TABLE(table_), 8);
        gtk_table_set_row_spacings(GTK_TABLE(table_), 4);
    }
    GtkWidget* widget() const { return table_; }
    void add(const char* label, GtkWidget* control) { add(label, control, control); }
    /// target: the part of the control that the label's letter leads to.
    void add(const char* label, GtkWidget* control, GtkWidget* target) {
        GtkWidget* text = gtk_label_new_with_mnemonic(label);
        align_left(text);
        gtk_label_set_mnemonic_widget(GTK_LABEL(text), target);
        gtk_size_group_add_widget(labels_, text);
        gtk_table_attach(GTK_TABLE(table_), text, 0, 1, row_, row_ + 1, GTK_FILL, GTK_FILL, 0, 0);
        add_wide(control, 1);
    }
    void add(GtkWidget* control) { add_wide(control, 0); }

private:
    void add_wide(GtkWidget* control, int column) {
        gtk_table_attach(GTK_TABLE(table_), control, column, 2, row_, row_ + 1,
                         static_cast<GtkAttachOptions>(GTK_EXPAND | GTK_FILL), GTK_FILL, 0, 0);
        ++row_;
    }
    GtkSizeGroup* labels_;
    GtkWidget* table_;
    int row_ = 0;
};

}  // namespace piaa::plugin
