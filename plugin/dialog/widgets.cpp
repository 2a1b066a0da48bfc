#include "widgets.h"

#include <algorithm>

#include "actions/words.h"
#include "toolkit.h"

namespace piaa::plugin {
namespace {

constexpr int choice_letters = 26;  ///< of a chooser's label that is seen without opening it

using Work = std::function<void()>;

void call(GtkWidget*, gpointer work) {
    (*static_cast<Work*>(work))();
}

void drop(gpointer work, GClosure*) {
    delete static_cast<Work*>(work);
}

gboolean call_once(gpointer work) {
    (*static_cast<Work*>(work))();
    return G_SOURCE_REMOVE;
}

void drop_once(gpointer work) {
    delete static_cast<Work*>(work);
}

gboolean call_event(GtkWidget*, GdkEvent* event, gpointer work) {
    return (*static_cast<std::function<bool(GdkEvent*)>*>(work))(event);
}

void drop_event(gpointer work, GClosure*) {
    delete static_cast<std::function<bool(GdkEvent*)>*>(work);
}

gboolean call_key(GtkWidget*, GdkEventKey* event, gpointer work) {
    if ((event->state & (GDK_CONTROL_MASK | GDK_MOD1_MASK)) != 0) return FALSE;
    return (*static_cast<std::function<bool(unsigned, bool)>*>(work))(event->keyval,
                                                                      event->type == GDK_KEY_PRESS);
}

void drop_key(gpointer work, GClosure*) {
    delete static_cast<std::function<bool(unsigned, bool)>*>(work);
}

}  // namespace

void on_key(GtkWidget* window, std::function<bool(unsigned, bool)> work) {
    for (const char* signal : {"key-press-event", "key-release-event"})
        g_signal_connect_data(window, signal, G_CALLBACK(call_key),
                              new std::function<bool(unsigned, bool)>(work), drop_key,
                              static_cast<GConnectFlags>(0));
}

void on_event(GtkWidget* widget, const char* signal, std::function<bool(GdkEvent*)> work) {
    g_signal_connect_data(widget, signal, G_CALLBACK(call_event),
                          new std::function<bool(GdkEvent*)>(std::move(work)), drop_event,
                          static_cast<GConnectFlags>(0));
}

void explain(GtkWidget* widget, const char* tip) {
    gtk_widget_set_tooltip_text(widget, tip);
}

void on(GtkWidget* widget, const char* signal, Work work) {
    g_signal_connect_data(widget, signal, G_CALLBACK(call), new Work(std::move(work)), drop,
                          static_cast<GConnectFlags>(0));
}

void when_idle(Work work) {
    g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, call_once, new Work(std::move(work)), drop_once);
}

GtkWidget* new_choice(std::span<const Choice> choices) {
    GtkWidget* widget = gtk_combo_box_text_new();
    for (const Choice& choice : choices)
        gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(widget), tr(choice.label));
    // A long label must not widen the window, but can be read in the open list.
    GList* cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(widget));
    shorten_when_chosen(GTK_COMBO_BOX(widget), static_cast<GtkCellRenderer*>(cells->data), choice_letters);
    g_list_free(cells);
    return widget;
}

void set_labels(GtkWidget* choice, const std::vector<std::string>& labels) {
    gtk_list_store_clear(GTK_LIST_STORE(gtk_combo_box_get_model(GTK_COMBO_BOX(choice))));
    for (const std::string& label : labels)
        gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(choice), label.c_str());
}

int active(GtkWidget* choice) {
    return std::max(0, gtk_combo_box_get_active(GTK_COMBO_BOX(choice)));
}

void set_active(GtkWidget* choice, int index) {
    gtk_combo_box_set_active(GTK_COMBO_BOX(choice), index);
}

void pack(GtkWidget* box, GtkWidget* child, bool grows) {
    gtk_box_pack_start(GTK_BOX(box), child, grows, grows, 0);
}

GtkWidget* new_scrolled_column(GtkWidget* column) {
    GtkWidget* scrolled = gtk_scrolled_window_new(nullptr, nullptr);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    add_scrolled(scrolled, column);
    return scrolled;
}

GtkWidget* new_section(const char* title, GtkWidget* content) {
    GtkWidget* section = new_column(4);
    GtkWidget* heading = gtk_label_new(nullptr);
    gchar* markup = g_markup_printf_escaped("<b>%s</b>", title);
    gtk_label_set_markup(GTK_LABEL(heading), markup);
    g_free(markup);
    align_left(heading);
    gtk_box_pack_start(GTK_BOX(section), heading, FALSE, FALSE, 0);
    GtkWidget* indented = new_row(0);
    gtk_box_pack_start(GTK_BOX(indented), content, TRUE, TRUE, 12);
    gtk_box_pack_start(GTK_BOX(section), indented, FALSE, FALSE, 0);
    return section;
}

void tell(GtkWindow* parent, GtkMessageType kind, const std::string& text) {
    GtkWidget* message =
        gtk_message_dialog_new(parent, GTK_DIALOG_MODAL, kind, GTK_BUTTONS_CLOSE, "%s", text.c_str());
    gtk_dialog_run(GTK_DIALOG(message));
    gtk_widget_destroy(message);
}

void draw_pixels(cairo_t* cairo, const std::vector<std::uint8_t>& rgb, Size size) {
    cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height);
    unsigned char* row = cairo_image_surface_get_data(surface);
    const std::uint8_t* pixel = rgb.data();
    for (int y = 0; y < size.height; ++y, row += cairo_image_surface_get_stride(surface)) {
        auto* to = reinterpret_cast<std::uint32_t*>(row);
        for (int x = 0; x < size.width; ++x, pixel += 3)
            to[x] = static_cast<std::uint32_t>(pixel[0]) << 16 | static_cast<std::uint32_t>(pixel[1]) << 8 |
                    pixel[2];
    }
    cairo_surface_mark_dirty(surface);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_paint(cairo);
    cairo_surface_destroy(surface);
}

}  // namespace piaa::plugin
