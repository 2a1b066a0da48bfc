#include "inspection.h"

#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include <gdk/gdkkeysyms.h>

namespace piaa::plugin {
namespace {

void problem(const char* what, const char* where) {
    g_printerr("dialog problem: %s: %s\n", what, where);
}

/// A line for each line of it.
void tell_text(const char* text) {
    gchar** lines = g_strsplit(text, "\n", -1);
    for (gchar** line = lines; *line != nullptr; ++line) g_printerr("dialog text: %s\n", *line);
    g_strfreev(lines);
}

void walk(GtkWidget* widget, const std::function<void(GtkWidget*)>& visit) {
    visit(widget);
    if (!GTK_IS_CONTAINER(widget)) return;
    const auto each = +[](GtkWidget* child, gpointer data) {
        walk(child, *static_cast<const std::function<void(GtkWidget*)>*>(data));
    };
    gtk_container_forall(GTK_CONTAINER(widget), each, const_cast<std::function<void(GtkWidget*)>*>(&visit));
}

void inspect_label(GtkLabel* label, std::map<unsigned, std::string>& letters) {
    const char* text = gtk_label_get_text(label);
    if (*text == '\0') return;
    tell_text(text);
    int width = 0, height = 0;
    pango_layout_get_pixel_size(gtk_label_get_layout(label), &width, &height);
    GtkAllocation room;
    // A frame gives its label what that asks for, whatever it has been given itself.
    GtkWidget* frame = gtk_widget_get_parent(GTK_WIDGET(label));
    gtk_widget_get_allocation(GTK_IS_FIXED(frame) ? frame : GTK_WIDGET(label), &room);
    if (width > room.width || height > room.height) problem("a text has too little room", text);
    const unsigned letter = gtk_label_get_mnemonic_keyval(label);
    if (letter == GDK_KEY_VoidSymbol) return;
    if (letters.count(letter) > 0) problem("one letter for two", (letters[letter] + ", " + text).c_str());
    letters[letter] = text;
}

/// What a chooser offers.
void tell_choices(GtkComboBox* chooser) {
    GtkTreeModel* model = gtk_combo_box_get_model(chooser);
    GtkTreeIter row;
    for (gboolean more = gtk_tree_model_get_iter_first(model, &row); more;
         more = gtk_tree_model_iter_next(model, &row)) {
        gchar* text = nullptr;
        gtk_tree_model_get(model, &row, 0, &text, -1);
        tell_text(text);
        g_free(text);
    }
}

/// Where a test clicks on a button.
void tell_place(GtkWidget* window, GtkWidget* button) {
    GtkAllocation room;
    gtk_widget_get_allocation(button, &room);
    int x = 0, y = 0;
    gtk_widget_translate_coordinates(button, window, room.width / 2, room.height / 2, &x, &y);
    const char* label = gtk_button_get_label(GTK_BUTTON(button));
    g_printerr("dialog button: %s at %d %d\n", label != nullptr ? label : "", x, y);
}

/// The entry of a spin button and the button of a chooser belong to their parents.
bool has_tip(GtkWidget* widget) {
    for (; widget != nullptr; widget = gtk_widget_get_parent(widget)) {
        gchar* tip = gtk_widget_get_tooltip_text(widget);
        const bool found = tip != nullptr;
        if (found) tell_text(tip);
        g_free(tip);
        if (found) return true;
    }
    return false;
}

}  // namespace

bool is_to_be_inspected() {
    return std::getenv("PIAA_INSPECT_DIALOG") != nullptr;
}

void inspect(GtkWidget* window) {
    std::map<unsigned, std::string> letters;
    walk(window, [&](GtkWidget* widget) {
        if (!gtk_widget_get_mapped(widget)) return;
        if (GTK_IS_LABEL(widget)) inspect_label(GTK_LABEL(widget), letters);
        if (GTK_IS_BUTTON(widget)) tell_place(window, widget);
        if (GTK_IS_COMBO_BOX(widget)) tell_choices(GTK_COMBO_BOX(widget));
        const bool control = GTK_IS_BUTTON(widget) || GTK_IS_ENTRY(widget) || GTK_IS_RANGE(widget);
        if (control && !GTK_IS_BUTTON_BOX(gtk_widget_get_parent(widget)) && !GTK_IS_SCROLLBAR(widget) &&
            !has_tip(widget))
            problem("a control has no tip", G_OBJECT_TYPE_NAME(widget));
    });
    g_printerr("dialog inspected\n");
}

void inspect_soon(GtkWidget* window) {
    constexpr unsigned milliseconds = 600;
    const auto look = +[](gpointer data) -> gboolean {
        auto* held = static_cast<GtkWidget*>(data);
        if (gtk_widget_get_mapped(held)) inspect(held);
        g_object_unref(held);
        return G_SOURCE_REMOVE;
    };
    g_timeout_add(milliseconds, look, g_object_ref(window));
}

}  // namespace piaa::plugin
