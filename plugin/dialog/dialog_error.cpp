// An error in the dialog, above the photo, with the choices that may mend it.

#include <algorithm>

#include "actions/words.h"
#include "dialog.h"
#include "paragraph.h"
#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

struct Words {
    const char* label;
    const char* tip;
};

/// In the order of Remedy.
constexpr Words words[] = {
    {marked("Everyone (no profile)"), marked("Go on without a profile")},
    {marked("Another profile…"), marked("Choose a profile's file")},
    {marked("Judge all that is visible"), marked("The whole image, whatever is selected")},
    {marked("Try again"), marked("When what is missing has been put in its place")},
};

}  // namespace

GtkWidget* Dialog::new_error_bar() {
    error_bar_ = new_row(12);
    error_text_ = new_paragraph(70, 1);
    GtkWidget* buttons = new_row(6);
    for (std::size_t i = 0; i < std::size(words); ++i) {
        GtkWidget* button = gtk_button_new_with_label(tr(words[i].label));
        explain(button, tr(words[i].tip));
        on(button, "clicked", [this, remedy = static_cast<Remedy>(i)] {
            remedy == Remedy::another_profile ? choose_profile_file() : state_.take(remedy);
        });
        pack(buttons, button);
        remedy_buttons_.push_back(button);
    }
    GtkWidget* column = new_column(6);
    pack(column, error_text_);
    pack(column, buttons);
    pack(error_bar_, gtk_image_new_from_icon_name("dialog-error", GTK_ICON_SIZE_DIALOG));
    pack(error_bar_, column, true);
    gtk_widget_show_all(error_bar_);
    gtk_widget_set_no_show_all(error_bar_, TRUE);
    gtk_widget_hide(error_bar_);
    return error_bar_;
}

void Dialog::show_error() {
    gtk_widget_set_visible(error_bar_, state_.failed());
    if (!state_.failed()) return;
    set_text(error_text_, state_.status());
    const std::vector<Remedy> remedies = state_.remedies();
    for (std::size_t i = 0; i < remedy_buttons_.size(); ++i)
        gtk_widget_set_visible(remedy_buttons_[i], std::find(remedies.begin(), remedies.end(),
                                                             static_cast<Remedy>(i)) != remedies.end());
    g_debug("error shown");
}

}  // namespace piaa::plugin
