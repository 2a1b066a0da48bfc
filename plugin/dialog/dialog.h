#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <gtk/gtk.h>

#include "actions/dialog_state.h"
#include "preview.h"

namespace piaa::plugin {

class Form;
class TeachWindow;

/// The window of Aesthetic Crop: widgets, and which of them shows what. Compiled once for each series of
/// GIMP, with that series' toolkit.h; what the two versions of GTK share is here.
class Dialog {
public:
    Dialog(Host& host, const Settings& settings);
    ~Dialog();
    Dialog(const Dialog&) = delete;
    Dialog& operator=(const Dialog&) = delete;

    /// Shows the window until OK (true) or Cancel.
    bool run();
    const Settings& settings() const { return state_.settings(); }
    const Session& finish() { return state_.finish(); }

private:
    // dialog.cpp: the window, and what the engine found
    GtkWidget* new_photo_side();
    GtkWidget* new_view_bar();
    GtkWidget* new_crop_bar();
    bool press(unsigned key);
    bool move(unsigned key);
    void show();
    void show_rating();
    void draw_legend(cairo_t* cairo) const;
    static void help_of(const gchar* id, gpointer window);
    void help();
    void add_settings_button();
    GtkWidget* new_settings_menu();
    void show_all_again(const std::function<void()>& change);
    void load();
    void save();
    void teach();

    // dialog_error.cpp: an error, and what leads on from it
    GtkWidget* new_error_bar();
    void show_error();

    // dialog_controls.cpp: what people choose
    GtkWidget* new_controls();
    GtkWidget* new_person_form(GtkSizeGroup* labels);
    GtkWidget* new_photo_form(GtkSizeGroup* labels);
    GtkWidget* new_map_form(GtkSizeGroup* labels);
    GtkWidget* new_crop_form(GtkSizeGroup* labels);
    GtkWidget* new_result_form(GtkSizeGroup* labels);
    GtkWidget* new_rating_row();
    GtkWidget* new_format_choice();
    GtkWidget* new_check(const char* label, const char* tip);
    void add_choice(Form& form, const char* label, GtkWidget* choice, const char* tip);
    void fill_profiles();
    void speak_to(Listener listener);
    void choose_profile_file();
    void read_controls();
    void show_settings();

    GtkWidget* window_ = nullptr;
    GtkWidget* load_ = nullptr;  ///< in the menu of settings
    GtkWidget* error_bar_ = nullptr;
    GtkWidget* error_text_ = nullptr;
    std::vector<GtkWidget*> remedy_buttons_;  ///< in the order of Remedy
    GtkWidget* legend_ = nullptr;
    GtkWidget* legend_low_ = nullptr;
    GtkWidget* legend_high_ = nullptr;
    GtkWidget* reasons_ = nullptr;  ///< or what is going on
    GtkWidget* crop_bar_ = nullptr;
    GtkWidget* crop_title_ = nullptr;
    GtkWidget* crop_text_ = nullptr;
    GtkWidget* draws_ = nullptr;  ///< whether dragging draws what is kept
    GtkWidget* undraw_ = nullptr;
    GtkWidget* score_ = nullptr;
    GtkWidget* person_ = nullptr;
    GtkWidget* profile_ = nullptr;
    GtkWidget* rating_bar_ = nullptr;
    GtkWidget* teach_ = nullptr;
    std::vector<GtkWidget*> rating_buttons_;  ///< 1 to 5
    GtkWidget* source_ = nullptr;
    GtkWidget* selection_ = nullptr;
    GtkWidget* map_ = nullptr;
    GtkWidget* opacity_ = nullptr;
    GtkWidget* fit_colours_ = nullptr;
    GtkWidget* plain_ = nullptr;
    GtkWidget* format_ = nullptr;
    GtkWidget* aspect_ = nullptr;
    GtkWidget* count_ = nullptr;
    GtkWidget* copy_area_ = nullptr;
    GtkWidget* keep_heads_ = nullptr;
    GtkWidget* straighten_ = nullptr;
    GtkWidget* add_map_ = nullptr;
    GtkWidget* marks_ = nullptr;
    GtkWidget* cut_ = nullptr;

    std::optional<Listener> spoken_to_;              ///< by the labels that say whose taste it is
    std::vector<boost::filesystem::path> profiles_;  ///< as the chooser lists them, after "Everyone"
    std::vector<std::string> formats_;               ///< as the chooser lists them
    bool showing_ = false;                           ///< the controls are being set, nobody touched them
    std::function<void(cairo_t*)> draw_legend_;
    Host& host_;
    DialogState state_;
    Preview preview_;
    TeachWindow* teaching_ = nullptr;  ///< while it is open
};

}  // namespace piaa::plugin
