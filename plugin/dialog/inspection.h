#pragma once

#include <gtk/gtk.h>

namespace piaa::plugin {

// For tests: with PIAA_INSPECT_DIALOG in the environment the window says on standard error what it shows and
// what is wrong with it.

bool is_to_be_inspected();

/// Writes a line "dialog text: ..." for each text in the window, and "dialog problem: ..." for each label
/// that has less room than its text, each letter of the keyboard that two controls answer to, and each
/// control without a tip.
void inspect(GtkWidget* window);

/// The same when the window has had time to give its widgets their places, which GTK 3 does with its next
/// frames.
void inspect_soon(GtkWidget* window);

}  // namespace piaa::plugin
