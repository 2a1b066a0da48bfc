#include <algorithm>

#include <piaa/error.h>
#include <piaa/preset.h>

#include "actions/profiles.h"
#include "actions/texts.h"
#include "actions/words.h"
#include "dialog.h"
#include "paragraph.h"
#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr const char* own_aspect = "own";

std::string title_of(const Preset& preset) {
    return std::string(tr(preset.title.c_str())) + " (" + preset.ratio + ")";
}

bool is_on(GtkWidget* button) {
    return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)) != FALSE;
}

void turn(GtkWidget* button, bool on) {
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), on);
}

/// What the entry says; the aspect before while that is half typed.
std::string typed_aspect(GtkWidget* entry, const std::string& before) {
    const std::string typed = gtk_entry_get_text(GTK_ENTRY(entry));
    try {
        parse_aspect(typed);
        return typed;
    } catch (const Error&) {
        return before;
    }
}

}  // namespace

GtkWidget* Dialog::new_controls() {
    GtkWidget* column = new_column(12);
    GtkSizeGroup* labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    pack(column, new_section(tr("Score"), new_person_form(labels)));
    pack(column, new_section(tr("Photo"), new_photo_form(labels)));
    pack(column, new_section(tr("Heatmap"), new_map_form(labels)));
    pack(column, new_section(tr("Crops"), new_crop_form(labels)));
    pack(column, new_section(tr("On OK"), new_result_form(labels)));
    g_object_unref(labels);  // the labels hold it
    return new_scrolled_column(column);
}

void Dialog::add_choice(Form& form, const char* label, GtkWidget* choice, const char* tip) {
    explain(choice, tip);
    form.add(label, choice);
    on(choice, "changed", [this] { read_controls(); });
}

GtkWidget* Dialog::new_check(const char* label, const char* tip) {
    GtkWidget* check = gtk_check_button_new_with_mnemonic(label);
    explain(check, tip);
    on(check, "toggled", [this] { read_controls(); });
    return check;
}

GtkWidget* Dialog::new_person_form(GtkSizeGroup* labels) {
    Form form(labels);
    score_ = new_paragraph(34, 3);
    form.add(score_);
    profile_ = new_choice({});
    fill_profiles();
    add_choice(form, tr("_Profile"), profile_,
               tr("Whose taste counts; ratings go to this profile, or to me.pt"));
    person_ = new_paragraph(34, 2);
    explain(person_,
            tr("Trusted: how much the profile knows of the taste in photos like this one. With nothing "
               "known the score is everyone's; ratings that agree with each other add to it"));
    form.add(person_);
    form.add(tr("Rate this photo"), new_rating_row());
    teach_ = gtk_button_new_with_mnemonic("");
    explain(teach_, tr("Which of two pictures do you prefer? Questions chosen so that they tell most"));
    on(teach_, "clicked", [this] { teach(); });
    form.add(teach_);
    return form.widget();
}

GtkWidget* Dialog::new_rating_row() {
    rating_bar_ = new_row(4);
    for (int stars = 1; stars <= 5; ++stars) {
        GtkWidget* button = gtk_toggle_button_new_with_label(std::to_string(stars).c_str());
        on(button, "toggled", [this, stars] {
            if (showing_) return;
            is_on(rating_buttons_[stars - 1]) ? state_.rate(stars) : state_.take_rating_back();
        });
        explain(button,
                stars == 1 ? tr("Not liked at all (key 1). Press again, or key 0, to take it back")
                : stars == 5
                    ? tr("Liked very much (key 5). Press again, or key 0, to take it back")
                    : tr("How much the photo is liked (keys 1 to 5). Press again, or key 0, to take it "
                         "back"));
        pack(rating_bar_, button, true);
        rating_buttons_.push_back(button);
    }
    return rating_bar_;
}

GtkWidget* Dialog::new_photo_form(GtkSizeGroup* labels) {
    Form form(labels);
    source_ = new_choice(source_choices().subspan(1));
    add_choice(
        form, tr("_Judge"), source_,
        tr("What is visible: the image as it would be exported, with masks, effects and all layers that are "
           "seen. The chosen layer: its own pixels. What is transparent is judged, and shown here, as "
           "white"));
    selection_ = new_choice(selection_choices());
    add_choice(form, tr("Se_lection"), selection_, tr("What the selection in the image is for"));
    gtk_widget_set_sensitive(selection_, state_.has_selection());
    return form.widget();
}

GtkWidget* Dialog::new_map_form(GtkSizeGroup* labels) {
    Form form(labels);
    map_ = new_choice({});
    add_choice(form, tr("Seen throu_gh"), map_, tr("Whose eye the heatmap shows; with a profile"));
    opacity_ = new_scale(0, 100, 1);
    gtk_scale_set_draw_value(GTK_SCALE(opacity_), FALSE);
    // A spin button tells of a change when it is made, while other controls are still missing.
    GtkWidget* percent = gtk_spin_button_new(gtk_range_get_adjustment(GTK_RANGE(opacity_)), 1, 0);
    on(opacity_, "value-changed", [this] { read_controls(); });
    for (GtkWidget* each : {opacity_, percent})
        explain(each, tr("How strongly the heatmap covers the photo, here and as a layer"));
    GtkWidget* opacity = new_row(4);
    pack(opacity, opacity_, true);
    pack(opacity, percent);
    form.add(tr("Opacit_y"), opacity, percent);
    plain_ = gtk_check_button_new_with_mnemonic(tr("Photo _alone"));
    explain(plain_, tr("Without heatmap and crop; or hold the key P"));
    on(plain_, "toggled", [this] { state_.show_plain(is_on(plain_)); });
    fit_colours_ =
        new_check(tr("F_it colours"), tr("Full colour at this photo's strongest places; otherwise a colour "
                                         "stands for the same points in every photo"));
    GtkWidget* row = new_row(12);
    pack(row, plain_);
    pack(row, fit_colours_);
    form.add(row);
    return form.widget();
}

GtkWidget* Dialog::new_format_choice() {
    format_ = new_choice({});
    const auto add = [this](const std::string& word, const std::string& label) {
        formats_.push_back(word);
        gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(format_), label.c_str());
    };
    add("", tr("Any shape"));
    add("photo", tr("The photo's own shape"));
    add(own_aspect, tr("Own aspect…"));
    const PresetList list = list_presets();
    for (const Preset& preset : list.presets) add(preset.name, title_of(preset));
    for (const std::string& refused : list.refused) g_message("%s", refused.c_str());
    explain(format_, tr("The shape of the crops; your own formats in ~/.config/piaa/presets are listed too"));
    on(format_, "changed", [this] { read_controls(); });
    aspect_ = gtk_entry_new();
    gtk_entry_set_width_chars(GTK_ENTRY(aspect_), 6);
    gtk_entry_set_text(GTK_ENTRY(aspect_), "4:5");
    explain(aspect_, tr("Width and height, as 4:5"));
    on(aspect_, "changed", [this] { read_controls(); });
    gtk_widget_set_no_show_all(aspect_, TRUE);
    GtkWidget* row = new_row(4);
    pack(row, format_, true);
    pack(row, aspect_);
    return row;
}

GtkWidget* Dialog::new_crop_form(GtkSizeGroup* labels) {
    Form form(labels);
    GtkWidget* formats = new_format_choice();
    form.add(tr("_Format"), formats, format_);
    copy_area_ = new_choice(copy_area_choices());
    add_choice(form, tr("Room for te_xt"), copy_area_, tr("A place in the crop that is kept calm"));
    count_ = gtk_spin_button_new_with_range(1, most_crops, 1);
    explain(count_, tr("How many crops are suggested at most"));
    on(count_, "value-changed", [this] { read_controls(); });
    form.add(tr("S_uggestions"), count_);
    keep_heads_ = new_check(tr("_Keep heads whole"),
                            tr("Crops do not cut through people's heads, where faces are found"));
    form.add(keep_heads_);
    straighten_ =
        new_check(tr("Le_vel the photo where that is sure"),
                  tr("Crops are looked for in the photo turned level, where its lines say surely that it is "
                     "tilted; new images and the cropped one are turned"));
    form.add(straighten_);
    return form.widget();
}

GtkWidget* Dialog::new_result_form(GtkSizeGroup* labels) {
    Form form(labels);
    add_map_ = new_check(tr("Add hea_tmap layer"), tr("The heatmap as a layer of its own above the photo"));
    form.add(add_map_);
    marks_ = new_choice(marks_choices());
    add_choice(form, tr("Sho_w crops"), marks_, tr("Guides show the chosen crop; paths and layers show all"));
    cut_ = new_choice(cut_choices());
    add_choice(form, tr("The imag_e"), cut_, tr("What happens to the image itself"));
    return form.widget();
}

void Dialog::fill_profiles() {
    profiles_ = known_profiles();
    const auto& chosen = state_.settings().profile;
    if (!chosen.empty() && std::find(profiles_.begin(), profiles_.end(), chosen) == profiles_.end())
        profiles_.push_back(chosen);
    std::vector<std::string> labels{tr("Everyone (no profile)")};
    for (const auto& profile : profiles_) {
        // Profiles of one name are told apart by their folder.
        std::string label = profile.filename().string();
        if (profile.parent_path() != profile_folder()) label += " (" + profile.parent_path().string() + ")";
        labels.push_back(label);
    }
    labels.emplace_back(tr("Choose a file…"));
    showing_ = true;
    set_labels(profile_, labels);
    showing_ = false;
}

/// "Your eye" and "your taste" of one's own profile.
void Dialog::speak_to(Listener listener) {
    if (spoken_to_ == listener) return;
    spoken_to_ = listener;
    gtk_button_set_label(GTK_BUTTON(teach_), listener == Listener::the_person
                                                 ? tr("Teach it your ta_ste…")
                                                 : tr("Teach it this person's ta_ste…"));
    std::vector<std::string> labels;
    for (std::size_t kind = 0; kind < map_choices().size(); ++kind)
        labels.push_back(map_text(static_cast<HeatmapKind>(kind), listener));
    set_labels(map_, labels);
}

void Dialog::choose_profile_file() {
    GtkWidget* chooser = gtk_file_chooser_dialog_new(
        tr("Choose a profile"), GTK_WINDOW(window_), GTK_FILE_CHOOSER_ACTION_OPEN, tr("_Cancel"),
        GTK_RESPONSE_CANCEL, tr("_Open"), GTK_RESPONSE_ACCEPT, nullptr);
    GtkFileFilter* profiles = gtk_file_filter_new();
    gtk_file_filter_set_name(profiles, tr("Profiles (*.pt)"));
    gtk_file_filter_add_pattern(profiles, "*.pt");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), profiles);
    gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(chooser), profile_folder().c_str());
    Settings settings = state_.settings();
    if (gtk_dialog_run(GTK_DIALOG(chooser)) == GTK_RESPONSE_ACCEPT) {
        gchar* file = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser));
        settings.profile = file;
        settings.map = HeatmapKind::personal;
        g_free(file);
    }
    gtk_widget_destroy(chooser);
    state_.change(settings);
}

void Dialog::read_controls() {
    if (showing_) return;
    Settings settings = state_.settings();
    const int profile = active(profile_);
    if (profile == static_cast<int>(profiles_.size()) + 1) return choose_profile_file();
    const auto earlier = settings.profile;
    settings.profile = profile == 0 ? boost::filesystem::path() : profiles_[profile - 1];
    settings.map = static_cast<HeatmapKind>(active(map_));
    if (settings.profile != earlier)
        settings.map = settings.profile.empty() ? HeatmapKind::generic : HeatmapKind::personal;
    settings.source = state_.source_for(active(source_) == 0);
    settings.selection = static_cast<SelectionUse>(active(selection_));
    settings.opacity = gtk_range_get_value(GTK_RANGE(opacity_));
    settings.fit_colours = is_on(fit_colours_);
    const std::string& format = formats_[active(format_)];
    gtk_widget_set_visible(aspect_, format == own_aspect);
    settings.format = format != own_aspect ? format : typed_aspect(aspect_, settings.format);
    settings.text_area = static_cast<TextPlace>(active(copy_area_));
    settings.count = gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(count_));
    settings.keep_heads = is_on(keep_heads_);
    settings.straighten = is_on(straighten_);
    settings.add_map = is_on(add_map_);
    settings.marks = static_cast<CropMarks>(active(marks_));
    settings.cut = static_cast<Cut>(active(cut_));
    state_.change(settings);
}

void Dialog::show_settings() {
    const Settings& settings = state_.settings();
    showing_ = true;
    const auto profile = std::find(profiles_.begin(), profiles_.end(), settings.profile);
    set_active(profile_, profile == profiles_.end() ? 0 : 1 + static_cast<int>(profile - profiles_.begin()));
    set_active(source_, state_.judges_visible() ? 0 : 1);
    set_active(selection_, static_cast<int>(settings.selection));
    speak_to(listener_of(state_.taught_profile()));
    set_active(map_, static_cast<int>(settings.map));
    gtk_range_set_value(GTK_RANGE(opacity_), settings.opacity);
    turn(fit_colours_, settings.fit_colours);
    auto format = std::find(formats_.begin(), formats_.end(), settings.format);
    const bool typing = gtk_widget_has_focus(aspect_) && formats_[active(format_)] == own_aspect;
    if (format == formats_.end() || typing) {
        // An aspect that is no preset's, or is being typed.
        format = std::find(formats_.begin(), formats_.end(), own_aspect);
        if (settings.format != gtk_entry_get_text(GTK_ENTRY(aspect_)) && !typing)
            gtk_entry_set_text(GTK_ENTRY(aspect_), settings.format.c_str());
    }
    set_active(format_, static_cast<int>(format - formats_.begin()));
    gtk_widget_set_visible(aspect_, *format == own_aspect);
    set_active(copy_area_, static_cast<int>(settings.text_area));
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(count_), settings.count);
    turn(keep_heads_, settings.keep_heads);
    turn(straighten_, settings.straighten);
    turn(add_map_, settings.add_map);
    set_active(marks_, static_cast<int>(settings.marks));
    set_active(cut_, static_cast<int>(settings.cut));
    showing_ = false;
}

}  // namespace piaa::plugin
