#include "widgets.h"

#include <algorithm>

#include "actions/words.h"
#include "toolkit.h"

namespace piaa::plugin {
namespace {

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

/// Of so many letters of usual text.
int width_of(GtkWidget* label, int letters) {
    PangoContext* context = gtk_widget_get_pango_context(label);
    PangoFontMetrics* metrics = pango_context_get_metrics(context, nullptr, nullptr);
    const int width = PANGO_PIXELS(pango_font_metrics_get_approximate_char_width(metrics)) * letters;
    pango_font_metrics_unref(metrics);
    return width;
}

/// Makes room for a layout. GTK 2 wraps at a width of its own and clips to the size that was asked for, so
/// both are set from the text.
void make_room(GtkWidget* label, PangoLayout* layout) {
    const int width = width_of(label, GPOINTER_TO_INT(g_object_get_data(G_OBJECT(label), "letters")));
    pango_layout_set_width(layout, width * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    int height = 0;
    pango_layout_get_pixel_size(layout, nullptr, &height);
    g_object_unref(layout);
    int kept = 0;
    gtk_widget_get_size_request(label, nullptr, &kept);
    gtk_widget_set_size_request(label, width, std::max(kept, height));
}

void fit(GtkWidget* label) {
    make_room(label, pango_layout_copy(gtk_label_get_layout(GTK_LABEL(label))));
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
    // A long label must not widen the window.
    GList* cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(widget));
    g_object_set(cells->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", 26, nullptr);
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

GtkWidget* new_paragraph(int letters, int lines) {
    GtkWidget* label = gtk_label_new(nullptr);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_width_chars(GTK_LABEL(label), letters);
    gtk_label_set_max_width_chars(GTK_LABEL(label), letters);
    align_left(label);
    keep_lines(label, lines);
    g_object_set_data(G_OBJECT(label), "letters", GINT_TO_POINTER(letters));
    return label;
}

void set_text(GtkWidget* label, const std::string& text) {
    if (text == gtk_label_get_text(GTK_LABEL(label))) return;
    gtk_label_set_text(GTK_LABEL(label), text.c_str());
    if (g_object_get_data(G_OBJECT(label), "letters") != nullptr) fit(label);
}

void keep_room(GtkWidget* paragraph, const std::string& text) {
    make_room(paragraph, gtk_widget_create_pango_layout(paragraph, text.c_str()));
}

void set_score(GtkWidget* label, const std::string& text) {
    const auto line = text.find('\n');
    gchar* markup = g_markup_printf_escaped("<span size='x-large' weight='bold'>%s</span>%s",
                                            text.substr(0, line).c_str(),
                                            line == std::string::npos ? "" : text.substr(line).c_str());
    gtk_label_set_markup(GTK_LABEL(label), markup);
    g_free(markup);
    fit(label);
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
