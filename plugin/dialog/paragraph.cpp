#include "paragraph.h"

#include <algorithm>
#include <utility>

#include "toolkit.h"

namespace piaa::plugin {
namespace {

struct Paragraph {
    GtkWidget* label;
    int least_width;
    int least_height;
    int given = 0;   ///< the width that it was given last
    int height = 0;  ///< that is kept at that width
    std::vector<std::string> later = {};
};

constexpr const char* key = "paragraph";

Paragraph* paragraph_of(GtkWidget* widget) {
    return static_cast<Paragraph*>(g_object_get_data(G_OBJECT(widget), key));
}

GtkLabel* label_of(GtkWidget* widget) {
    const Paragraph* paragraph = paragraph_of(widget);
    return GTK_LABEL(paragraph != nullptr ? paragraph->label : widget);
}

int width_of(GtkWidget* label, int letters) {
    PangoContext* context = gtk_widget_get_pango_context(label);
    PangoFontMetrics* metrics = pango_context_get_metrics(context, nullptr, nullptr);
    const int width = PANGO_PIXELS(pango_font_metrics_get_approximate_char_width(metrics)) * letters;
    pango_font_metrics_unref(metrics);
    return width;
}

/// Of a layout, which is let go, when it wraps at that width.
int height_of(PangoLayout* layout, int width) {
    pango_layout_set_width(layout, width * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    int height = 0;
    pango_layout_get_pixel_size(layout, nullptr, &height);
    g_object_unref(layout);
    return height;
}

void fit(GtkWidget* widget) {
    Paragraph& paragraph = *paragraph_of(widget);
    GtkWidget* label = paragraph.label;
    const int width = std::max(paragraph.least_width, paragraph.given);
    int& height = paragraph.height;
    height = std::max({height, paragraph.least_height,
                       height_of(pango_layout_copy(gtk_label_get_layout(GTK_LABEL(label))), width)});
    for (const std::string& text : paragraph.later)
        height = std::max(height, height_of(gtk_widget_create_pango_layout(label, text.c_str()), width));
    if (label != widget) gtk_widget_set_size_request(label, width, height);
    gtk_widget_set_size_request(widget, paragraph.least_width, height);
}

void fit_anew(GtkWidget* widget) {
    paragraph_of(widget)->height = 0;
    fit(widget);
}

/// What it needs at another width is asked for when all have been given theirs, unless the window is closed
/// by then.
void take_room(GtkWidget* widget, GtkAllocation* room, gpointer) {
    if (paragraph_of(widget)->given == room->width) return;
    paragraph_of(widget)->given = room->width;
    const auto later = +[](gpointer held) -> gboolean {
        if (gtk_widget_get_mapped(static_cast<GtkWidget*>(held))) fit_anew(static_cast<GtkWidget*>(held));
        return G_SOURCE_REMOVE;
    };
    g_idle_add_full(G_PRIORITY_HIGH_IDLE, later, g_object_ref(widget), g_object_unref);
}

void drop(gpointer paragraph) {
    delete static_cast<Paragraph*>(paragraph);
}

}  // namespace

GtkWidget* new_paragraph(int letters, int lines) {
    GtkWidget* label = gtk_label_new(nullptr);
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    align_top_left(label);
    const int width = width_of(label, letters);
    const int height = lines * height_of(gtk_widget_create_pango_layout(label, "Aq"), width);
    GtkWidget* widget = new_wrapping(label);
    g_object_set_data_full(G_OBJECT(widget), key, new Paragraph{label, width, height}, drop);
    g_signal_connect(widget, "size-allocate", G_CALLBACK(take_room), nullptr);
    fit(widget);
    return widget;
}

void set_text(GtkWidget* label, const std::string& text) {
    if (text == gtk_label_get_text(label_of(label))) return;
    gtk_label_set_text(label_of(label), text.c_str());
    if (paragraph_of(label) != nullptr) fit(label);
}

void keep_room(GtkWidget* paragraph, std::vector<std::string> texts) {
    if (texts == paragraph_of(paragraph)->later) return;
    paragraph_of(paragraph)->later = std::move(texts);
    fit_anew(paragraph);
}

void set_score(GtkWidget* paragraph, const std::string& text) {
    const auto line = text.find('\n');
    gchar* markup = g_markup_printf_escaped("<span size='x-large' weight='bold'>%s</span>%s",
                                            text.substr(0, line).c_str(),
                                            line == std::string::npos ? "" : text.substr(line).c_str());
    gtk_label_set_markup(label_of(paragraph), markup);
    g_free(markup);
    fit(paragraph);
}

}  // namespace piaa::plugin
