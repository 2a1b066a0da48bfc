#pragma once

#include <string>
#include <vector>

#include <gtk/gtk.h>

namespace piaa::plugin {

/// A text that wraps at the width that the window gives it, which is that of `letters` letters at least. It
/// keeps room for `lines` lines and grows with its text but, while the width stays, never shrinks again, so
/// that nothing is clipped and nothing below moves up and down.
GtkWidget* new_paragraph(int letters, int lines);

/// Of a paragraph or of a plain label.
void set_text(GtkWidget* label, const std::string& text);
/// Of a paragraph; the first line large.
void set_score(GtkWidget* paragraph, const std::string& text);
/// Keeps room for its text, for others that may be shown later, and for no more.
void keep_room(GtkWidget* paragraph, std::vector<std::string> texts);

}  // namespace piaa::plugin
