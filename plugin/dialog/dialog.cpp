#include "dialog.h"

#include <algorithm>

#include <gdk/gdkkeysyms.h>

#include <piaa/error.h>
#include <piaa/heatmap_picture.h>

#include "actions/procedure.h"
#include "actions/texts.h"
#include "actions/words.h"
#include "inspection.h"
#include "paragraph.h"
#include "teach_window.h"
#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr Size legend_size{160, 12};
constexpr Size usual_size{1080, 800};  ///< of the window, where the screen has room for it
constexpr double zoom_step = 1.25;
constexpr int letters = 76;  ///< in a line below the photo

GtkWidget* new_button(const char* label, const char* tip, std::function<void()> work) {
    GtkWidget* button = gtk_button_new_with_label(label);
    explain(button, tip);
    on(button, "clicked", std::move(work));
    return button;
}

/// GIMP hands over its own dialog, which knows ours.
constexpr const char* owner = "aesthetic-crop-dialog";

}  // namespace

Dialog::Dialog(Host& host, const Settings& settings)
    : draw_legend_([this](cairo_t* cairo) { draw_legend(cairo); }),
      host_(host),
      state_(host, settings, when_idle, [this] { show(); }),
      preview_(
          state_.photo_size(), [this](const Viewport& view) { return state_.preview(view); },
          [this](const Box& drawn) { state_.keep(drawn); }) {
    window_ = gimp_dialog_new("Aesthetic Crop", program_name, nullptr, static_cast<GtkDialogFlags>(0),
                              help_of, procedure_name, tr("_Cancel"), GTK_RESPONSE_CANCEL, tr("_OK"),
                              GTK_RESPONSE_OK, nullptr);
    g_object_set_data(G_OBJECT(window_), owner, this);
    gimp_window_set_transient(GTK_WINDOW(window_));
    gtk_dialog_set_default_response(GTK_DIALOG(window_), GTK_RESPONSE_OK);
    add_settings_button();
    on_key(window_, [this](unsigned key, bool down) {
        if (key == GDK_KEY_p) gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(plain_), down);
        return key == GDK_KEY_p || (down && press(key));
    });

    GtkWidget* sides = new_row(18);
    gtk_container_set_border_width(GTK_CONTAINER(sides), 12);
    pack(sides, new_photo_side(), true);
    pack(sides, new_controls());
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window_))), sides, TRUE, TRUE, 0);
    show_settings();
    show();
    const Size room = room_on_screen(window_);
    gtk_window_set_default_size(GTK_WINDOW(window_), std::min(usual_size.width, room.width - 40),
                                std::min(usual_size.height, room.height - 80));
    gtk_widget_show_all(window_);
    show_settings();
}

Dialog::~Dialog() {
    gtk_widget_destroy(window_);
}

bool Dialog::run() {
    const int response = gimp_dialog_run(GIMP_DIALOG(window_));
    gtk_widget_hide(window_);
    return response == GTK_RESPONSE_OK && state_.ready();
}

/// Beside Cancel and OK, but it does not end the dialog.
void Dialog::add_settings_button() {
    GtkWidget* button = gtk_button_new_with_mnemonic(tr("Setti_ngs ▾"));
    explain(button, tr("Save all choices for later, load saved ones, or reset them"));
    GtkWidget* menu = new_settings_menu();
    on(button, "clicked", [this, button, menu] {
        gtk_widget_set_sensitive(load_, has_saved_settings());
        pop_up(menu, button);
    });
    GtkWidget* cancel = gtk_dialog_get_widget_for_response(GTK_DIALOG(window_), GTK_RESPONSE_CANCEL);
    GtkWidget* buttons = gtk_widget_get_parent(cancel);
    pack(buttons, button);
    gtk_box_reorder_child(GTK_BOX(buttons), button, 0);
}

GtkWidget* Dialog::new_settings_menu() {
    GtkWidget* menu = gtk_menu_new();
    const auto add = [&](const char* label, std::function<void()> work) {
        GtkWidget* item = gtk_menu_item_new_with_mnemonic(label);
        on(item, "activate", std::move(work));
        gtk_menu_shell_append(GTK_MENU_SHELL(menu), item);
        return item;
    };
    add(tr("_Save these settings"), [this] { save(); });
    load_ = add(tr("_Load saved settings"), [this] { load(); });
    add(tr("Reset to how the dialog _began"),
        [this] { show_all_again([this] { state_.reset_to_start(); }); });
    add(tr("Reset to _defaults"), [this] { show_all_again([this] { state_.reset(); }); });
    gtk_widget_show_all(menu);
    gtk_menu_attach_to_widget(GTK_MENU(menu), window_, nullptr);
    return menu;
}

void Dialog::show_all_again(const std::function<void()>& change) {
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(draws_), FALSE);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(plain_), FALSE);
    preview_.see_all();
    change();
}

void Dialog::load() try {
    show_all_again([this] { state_.load_saved(); });
} catch (const Error& error) {
    tell(GTK_WINDOW(window_), GTK_MESSAGE_ERROR, sentence(error.what()));
}

void Dialog::save() try { save_settings(state_.settings()); } catch (const Error& error) {
    tell(GTK_WINDOW(window_), GTK_MESSAGE_ERROR, sentence(error.what()));
}

void Dialog::teach() {
    TeachWindow window(GTK_WINDOW(window_), state_, host_);
    teaching_ = &window;
    window.run();
    teaching_ = nullptr;
}

GtkWidget* Dialog::new_photo_side() {
    GtkWidget* side = new_column(8);
    pack(side, new_error_bar());
    pack(side, preview_.widget(), true);
    pack(side, new_view_bar());
    reasons_ = new_paragraph(letters, 4);
    pack(side, reasons_);
    crop_bar_ = new_crop_bar();
    pack(side, crop_bar_);
    crop_text_ = new_paragraph(letters, 3);
    pack(side, crop_text_);
    return side;
}

/// What the colours mean, and how the photo is looked at.
GtkWidget* Dialog::new_view_bar() {
    GtkWidget* row = new_row(6);
    legend_low_ = gtk_label_new("");
    legend_high_ = gtk_label_new("");
    legend_ = gtk_drawing_area_new();
    gtk_widget_set_size_request(legend_, legend_size.width, legend_size.height);
    on_draw(legend_, &draw_legend_);
    GtkWidget* bar = new_column(0);
    gtk_box_pack_start(GTK_BOX(bar), legend_, TRUE, FALSE, 0);
    pack(row, legend_low_);
    pack(row, bar);
    pack(row, legend_high_);
    GtkWidget* unit = gtk_label_new(tr("points for a ninth of the photo"));
    explain(unit,
            tr("What a place adds to the score or takes from it, if a ninth of the photo is like it; the "
               "sentences below count ninths too"));
    pack(row, unit);
    GtkWidget* buttons = new_row(2);
    pack(buttons,
         new_button("−", tr("Show the photo smaller (key −)"), [this] { preview_.zoom(1 / zoom_step); }));
    pack(buttons, new_button("+", tr("Show the photo larger (key +)"), [this] { preview_.zoom(zoom_step); }));
    // Not as a tip of the photo, which it would cover.
    pack(buttons, new_button(tr("All"),
                             tr("Show all of the photo (key F). The mouse wheel enlarges too; dragging and "
                                "the arrow keys move"),
                             [this] { preview_.see_all(); }));
    gtk_box_pack_end(GTK_BOX(row), buttons, FALSE, FALSE, 0);
    return row;
}

GtkWidget* Dialog::new_crop_bar() {
    GtkWidget* row = new_row(6);
    crop_title_ = gtk_label_new("");
    gtk_label_set_width_chars(GTK_LABEL(crop_title_), 16);
    pack(row, new_button("◀", tr("The crop before (key B)"), [this] { state_.step_crop(-1); }));
    pack(row, crop_title_);
    pack(row, new_button("▶", tr("The next crop (key N)"), [this] { state_.step_crop(1); }));
    GtkWidget* buttons = new_row(6);
    draws_ = gtk_toggle_button_new_with_mnemonic(tr("_Draw what stays whole"));
    explain(draws_, tr("Drag a rectangle on the photo; all crops hold it whole"));
    on(draws_, "toggled",
       [this] { preview_.draw_boxes(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(draws_)) != FALSE); });
    undraw_ = gtk_button_new_with_mnemonic(tr("Re_move it"));
    explain(undraw_, tr("Crops need not hold the rectangle that was drawn"));
    on(undraw_, "clicked", [this] { state_.keep({}); });
    pack(buttons, draws_);
    pack(buttons, undraw_);
    gtk_box_pack_end(GTK_BOX(row), buttons, FALSE, FALSE, 0);
    return row;
}

/// 1 to 5 rate, 0 takes back, N and B step through crops, the rest moves the view; not while somebody types.
/// Whether the key meant something.
bool Dialog::press(unsigned key) {
    GtkWidget* focus = gtk_window_get_focus(GTK_WINDOW(window_));
    if (focus != nullptr && GTK_IS_EDITABLE(focus)) return false;
    if (move(key)) return true;
    if (!state_.ready()) return false;
    if (key == GDK_KEY_n || key == GDK_KEY_b) {
        state_.step_crop(key == GDK_KEY_n ? 1 : -1);
        return true;
    }
    const unsigned first = key >= GDK_KEY_KP_0 && key <= GDK_KEY_KP_5 ? GDK_KEY_KP_0 : GDK_KEY_0;
    if (key < first || key > first + 5) return false;
    key == first ? state_.take_rating_back() : state_.rate(static_cast<int>(key - first));
    return true;
}

/// Keys that enlarge and move the photo; the arrows where it has the focus.
bool Dialog::move(unsigned key) {
    const bool larger = key == GDK_KEY_plus || key == GDK_KEY_KP_Add;
    if (larger || key == GDK_KEY_minus || key == GDK_KEY_KP_Subtract) {
        preview_.zoom(larger ? zoom_step : 1 / zoom_step);
        return true;
    }
    if (key == GDK_KEY_f) {
        preview_.see_all();
        return true;
    }
    if (gtk_window_get_focus(GTK_WINDOW(window_)) != preview_.widget()) return false;
    const int right = (key == GDK_KEY_Right) - (key == GDK_KEY_Left);
    const int down = (key == GDK_KEY_Down) - (key == GDK_KEY_Up);
    if (right != 0 || down != 0) preview_.move(right, down);
    return right != 0 || down != 0;
}

void Dialog::show_rating() {
    showing_ = true;
    for (std::size_t i = 0; i < rating_buttons_.size(); ++i)
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(rating_buttons_[i]),
                                     state_.rating() == static_cast<int>(i) + 1);
    showing_ = false;
}

void Dialog::show() {
    if (window_ == nullptr) return;  // still being built
    const auto& profile = state_.settings().profile;
    if (!profile.empty() && std::find(profiles_.begin(), profiles_.end(), profile) == profiles_.end())
        fill_profiles();
    show_settings();
    show_rating();
    set_score(score_, state_.score_text());
    set_text(person_, state_.person_text());
    set_text(crop_title_, state_.crop_title());
    // Stepping through the crops must not move the buttons.
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < state_.crop_count(); ++i) texts.push_back(state_.crop_text(i));
    set_text(crop_text_, state_.crop_text());
    keep_room(crop_text_, std::move(texts));
    set_text(legend_low_, state_.legend_low());
    set_text(legend_high_, state_.legend_high());
    set_text(reasons_, state_.failed()           ? ""
                       : state_.status().empty() ? state_.reasons_text()
                                                 : state_.status());
    show_error();
    gtk_widget_set_sensitive(map_, state_.has_profile());
    gtk_widget_set_sensitive(crop_bar_, state_.ready());
    gtk_widget_set_sensitive(undraw_, state_.keeps_drawn());
    gtk_widget_set_sensitive(rating_bar_, state_.ready());
    gtk_dialog_set_response_sensitive(GTK_DIALOG(window_), GTK_RESPONSE_OK, state_.ready());
    preview_.show_photo(state_.photo_size());
    preview_.refresh();
    gtk_widget_set_sensitive(teach_, state_.ready());
    if (teaching_ != nullptr) teaching_->proceed();
    g_debug(state_.ready() ? "answer shown" : "waiting");
    if ((state_.ready() || state_.failed()) && is_to_be_inspected()) inspect_soon(window_);
}

void Dialog::draw_legend(cairo_t* cairo) const {
    Image bar = heatmap_legend(legend_size);
    if (!state_.has_colour()) {  // the map is dark to light there, as in overlay_layer()
        std::vector<std::uint8_t> greys;
        for (int i = 0; i < legend_size.width * legend_size.height; ++i)
            greys.insert(greys.end(), 3,
                         static_cast<std::uint8_t>(255 * (i % legend_size.width) / (legend_size.width - 1)));
        bar = Image(legend_size, std::move(greys));
    }
    draw_pixels(cairo, {bar.pixels().begin(), bar.pixels().end()}, legend_size);
}

void Dialog::help_of(const gchar*, gpointer window) {
    static_cast<Dialog*>(g_object_get_data(G_OBJECT(window), owner))->help();
}

void Dialog::help() {
    g_debug("help shown");
    tell(GTK_WINDOW(window_), GTK_MESSAGE_INFO,
         tr("Aesthetic Crop scores the photo from 1 to 10, shows where it earns that, and suggests crops.\n\n"
            "The score is what people in general would give, or, with a profile, you. Each crop says what it "
            "would "
            "score as a photo of its own, and by \"framing\" how well it is cut, whatever the photo is "
            "worth.\n\n"
            "Orange places raise the score, blue ones lower it.\n\n"
            "Keys: 1 to 5 rate the photo and 0 takes that back; N and B go through the crops; + and − "
            "enlarge, arrow "
            "keys move, F shows all of the photo; P, held, shows it without heatmap and crop.\n\n"
            "\"Teach it your taste\" asks which of two pictures you prefer, for an order of five, or for "
            "stars: parts of "
            "this photo and the other images that are open. Each answer is in your profile at once.\n\n"
            "OK adds what is chosen under \"On OK\" in one step of undo. Running the filter again replaces "
            "it."));
}

}  // namespace piaa::plugin
