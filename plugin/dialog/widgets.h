#pragma once

#include <functional>
#include <span>
#include <string>

#include <gtk/gtk.h>

#include "actions/settings.h"

namespace piaa::plugin {

// Small helpers around GTK that are the same in its versions 2 and 3; what differs is in toolkit.h.

/// Calls `work` whenever the widget sends the signal, as long as the widget lives. Only for signals whose
/// handlers take nothing but the widget.
void on(GtkWidget* widget, const char* signal, std::function<void()> work);

/// Calls `work` with each key that is pressed (down) or let go in a window; true when it meant something. Not
/// with Ctrl or Alt.
void on_key(GtkWidget* window, std::function<bool(unsigned key, bool down)> work);

/// Calls `work` with each event of that signal; true when it meant something.
void on_event(GtkWidget* widget, const char* signal, std::function<bool(GdkEvent*)> work);

/// Runs `work` in the main thread when the window has nothing more urgent to do. From any thread.
void when_idle(std::function<void()> work);

/// A chooser of one of the labels.
GtkWidget* new_choice(std::span<const Choice> choices);
/// Other labels in place of those that it has; none is chosen then.
void set_labels(GtkWidget* choice, const std::vector<std::string>& labels);
int active(GtkWidget* choice);
void set_active(GtkWidget* choice, int index);

/// Puts a widget at the end of a row or column; it may take up room that is left.
void pack(GtkWidget* box, GtkWidget* child, bool grows = false);

/// A column that is scrolled where the screen is too low for it.
GtkWidget* new_scrolled_column(GtkWidget* column);

/// A bold line with the widgets indented below it.
GtkWidget* new_section(const char* title, GtkWidget* content);

/// A word of explanation, translated.
void explain(GtkWidget* widget, const char* tip);

/// Shows a message until it is closed.
void tell(GtkWindow* parent, GtkMessageType kind, const std::string& text);

/// Draws packed RGB pixels.
void draw_pixels(cairo_t* cairo, const std::vector<std::uint8_t>& rgb, Size size);

}  // namespace piaa::plugin
