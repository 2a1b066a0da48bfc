#include "dialog.h"

#include <algorithm>

#include <gdk/gdkkeysyms.h>

#include <piaa/heatmap_picture.h>
#include <piaa/preset.h>

#include "actions/procedure.h"
#include "actions/profiles.h"
#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr Size legend_size{180, 12};
constexpr const char* own_aspect = "own";

void pack(GtkWidget* box, GtkWidget* child, bool grows = false) {
    gtk_box_pack_start(GTK_BOX(box), child, grows, grows, 0);
}

GtkWidget* new_drawing(Size size, Draw* draw) {
    GtkWidget* area = gtk_drawing_area_new();
    gtk_widget_set_size_request(area, size.width, size.height);
    on_draw(area, draw);
    return area;
}

GtkWidget* new_button(const char* label, std::function<void()> work) {
    GtkWidget* button = gtk_button_new_with_mnemonic(label);
    on(button, "clicked", std::move(work));
    return button;
}

void name(GtkWidget* widget, const char* tip) {
    gtk_widget_set_tooltip_text(widget, tip);
}

std::string title_of(const Preset& preset) {
    return preset.title + " (" + preset.ratio + ")";
}

}  // namespace

Dialog::Dialog(Host& host, const Settings& settings) : state_(host, settings, when_idle, [this] { show(); }) {
    window_ = gimp_dialog_new("Aesthetic Crop", program_name, nullptr, static_cast<GtkDialogFlags>(0),
                              gimp_standard_help_func, procedure_name, "_Cancel", GTK_RESPONSE_CANCEL, "_OK",
                              GTK_RESPONSE_OK, nullptr);
    gimp_window_set_transient(GTK_WINDOW(window_));
    gtk_window_set_resizable(GTK_WINDOW(window_), FALSE);
    gtk_dialog_set_default_response(GTK_DIALOG(window_), GTK_RESPONSE_OK);

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
    gtk_widget_show_all(window_);
    gtk_widget_set_visible(aspect_, formats_[active(format_)] == own_aspect);
}

Dialog::~Dialog() {
    gtk_widget_destroy(window_);
}

bool Dialog::run() {
    const bool agreed = gimp_dialog_run(GIMP_DIALOG(window_)) == GTK_RESPONSE_OK;
    gtk_widget_hide(window_);
    return agreed && state_.ready();
}

GtkWidget* Dialog::new_photo_side() {
    static Draw draw_preview, draw_bar;
    draw_preview = [this](cairo_t* cairo) { draw(cairo); };
    draw_bar = [this](cairo_t* cairo) { draw_legend(cairo); };
    GtkWidget* side = new_column(8);
    preview_ = new_drawing(state_.preview_size(), &draw_preview);
    GtkWidget* middle = new_row(0);
    gtk_box_pack_start(GTK_BOX(middle), preview_, TRUE, FALSE, 0);
    pack(side, middle);

    GtkWidget* legend = new_row(6);
    legend_low_ = gtk_label_new("");
    legend_high_ = gtk_label_new("");
    legend_ = new_drawing(legend_size, &draw_bar);
    GtkWidget* bar = new_column(0);
    gtk_box_pack_start(GTK_BOX(bar), legend_, TRUE, FALSE, 0);
    pack(legend, gtk_label_new("Lowers the score"));
    pack(legend, legend_low_);
    pack(legend, bar);
    pack(legend, legend_high_);
    pack(legend, gtk_label_new("raises it (points)"));
    pack(side, legend);
    reasons_ = new_paragraph(72, 4);
    pack(side, reasons_);

    crop_bar_ = new_row(6);
    crop_title_ = gtk_label_new("");
    gtk_label_set_width_chars(GTK_LABEL(crop_title_), 14);
    pack(crop_bar_, new_button("◀", [this] { state_.step_crop(-1); }));
    pack(crop_bar_, crop_title_);
    pack(crop_bar_, new_button("▶", [this] { state_.step_crop(1); }));
    pack(side, crop_bar_);
    crop_text_ = new_paragraph(72, 3);
    pack(side, crop_text_);
    return side;
}

GtkWidget* Dialog::new_rating_row() {
    rating_bar_ = new_row(4);
    for (int stars = 1; stars <= 5; ++stars) {
        GtkWidget* button = gtk_toggle_button_new_with_label(std::to_string(stars).c_str());
        on(button, "toggled", [this, stars] {
            if (showing_) return;
            const bool pressed =
                gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(rating_buttons_[stars - 1])) != FALSE;
            pressed ? state_.rate(stars) : state_.take_rating_back();
        });
        name(button,
             stars == 1   ? "1: not my taste. Press again to take it back; keys 1 to 5, and 0 to take back"
             : stars == 5 ? "5: just my taste. Press again to take it back; keys 1 to 5, and 0 to take back"
                          : "How much you like this photo. Press again to take it back; keys 1 to 5, and 0 "
                            "to take back");
        pack(rating_bar_, button, true);
        rating_buttons_.push_back(button);
    }
    return rating_bar_;
}

/// 1 to 5 rate, 0 takes back; not while somebody types. Whether the key meant that.
bool Dialog::press(unsigned key) {
    GtkWidget* focus = gtk_window_get_focus(GTK_WINDOW(window_));
    if (focus != nullptr && GTK_IS_EDITABLE(focus)) return false;
    const unsigned first = key >= GDK_KEY_KP_0 && key <= GDK_KEY_KP_5 ? GDK_KEY_KP_0 : GDK_KEY_0;
    if (key < first || key > first + 5 || !state_.ready()) return false;
    key == first ? state_.take_rating_back() : state_.rate(static_cast<int>(key - first));
    return true;
}

void Dialog::show_rating() {
    showing_ = true;
    for (std::size_t i = 0; i < rating_buttons_.size(); ++i)
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(rating_buttons_[i]),
                                     state_.rating() == static_cast<int>(i) + 1);
    showing_ = false;
}

GtkWidget* Dialog::new_check(const char* label, const char* tip, std::function<void()> work) {
    GtkWidget* check = gtk_check_button_new_with_mnemonic(label);
    name(check, tip);
    on(check, "toggled", std::move(work));
    return check;
}

GtkWidget* Dialog::new_format_choice() {
    format_ = new_choice({});
    const auto add = [this](const std::string& word, const std::string& label) {
        formats_.push_back(word);
        gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(format_), label.c_str());
    };
    add("", "Any shape");
    add("photo", "The photo's own shape");
    add(own_aspect, "Own aspect…");
    const PresetList list = list_presets();
    for (const Preset& preset : list.presets) add(preset.name, title_of(preset));
    for (const std::string& refused : list.refused) g_message("%s", refused.c_str());
    aspect_ = gtk_entry_new();
    gtk_entry_set_width_chars(GTK_ENTRY(aspect_), 6);
    gtk_entry_set_text(GTK_ENTRY(aspect_), "4:5");
    name(aspect_, "Width and height, as 4:5");
    GtkWidget* row = new_row(4);
    pack(row, format_, true);
    pack(row, aspect_);
    return row;
}

GtkWidget* Dialog::new_controls() {
    GtkWidget* column = new_column(14);
    GtkSizeGroup* labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    Form person(labels);
    score_ = new_paragraph(30, 3);
    person.add(score_);
    profile_ = new_choice({});
    fill_profiles();
    person.add("_Profile", profile_);
    person_ = new_paragraph(30, 2);
    person.add(person_);
    person.add("Rate this photo", new_rating_row());
    pack(column, new_section("Score", person.widget()));

    Form judged(labels);
    source_ = new_choice(source_choices().subspan(1));
    name(source_,
         "What is visible: the image as it would be exported, with masks, effects and all layers that are "
         "seen. "
         "The chosen layer: its own pixels");
    judged.add("_Judge", source_);
    selection_ = new_choice(selection_choices());
    name(selection_, "What the selection in the image is for");
    judged.add("The selectio_n", selection_);
    gtk_widget_set_sensitive(selection_, state_.has_selection());
    pack(column, new_section("Photo", judged.widget()));

    Form map(labels);
    map_ = new_choice(map_choices());
    map.add("_Through", map_);
    opacity_ = new_scale(0, 100, 1);
    gtk_scale_set_digits(GTK_SCALE(opacity_), 0);
    map.add("Opaci_ty", opacity_);
    plain_ = new_check("The photo _alone", "Without heatmap and crop; or hold the key P", [this] {
        state_.show_plain(gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(plain_)) != FALSE);
    });
    map.add(plain_);
    pack(column, new_section("Heatmap", map.widget()));

    Form crop(labels);
    crop.add("_Format", new_format_choice());
    copy_area_ = new_choice(copy_area_choices());
    crop.add("Room for te_xt", copy_area_);
    count_ = gtk_spin_button_new_with_range(1, most_crops, 1);
    crop.add("Su_ggestions", count_);
    keep_heads_ =
        new_check("_Keep heads whole", "Crops do not cut through people's heads, where faces are found",
                  [this] { read_controls(); });
    crop.add(keep_heads_);
    pack(column, new_section("Crops", crop.widget()));

    Form result(labels);
    add_map_ = gtk_check_button_new_with_mnemonic("Add the _heatmap as a layer");
    result.add(add_map_);
    marks_ = new_choice(marks_choices());
    result.add("Sho_w crops", marks_);
    cut_ = new_choice(cut_choices());
    result.add("The _image", cut_);
    pack(column, new_section("On OK", result.widget()));
    g_object_unref(labels);  // the labels hold it

    for (GtkWidget* choice : {source_, selection_, map_, format_, copy_area_, marks_, cut_, profile_})
        on(choice, "changed", [this] { read_controls(); });
    on(opacity_, "value-changed", [this] { read_controls(); });
    on(count_, "value-changed", [this] { read_controls(); });
    on(add_map_, "toggled", [this] { read_controls(); });
    on(aspect_, "changed", [this] { read_controls(); });
    return column;
}

void Dialog::fill_profiles() {
    auto* chooser = GTK_COMBO_BOX_TEXT(profile_);
    showing_ = true;
    for (std::size_t i = 0; i < profiles_.size() + 2; ++i) gtk_combo_box_text_remove(chooser, 0);
    profiles_ = known_profiles();
    const auto& chosen = state_.settings().profile;
    if (!chosen.empty() && std::find(profiles_.begin(), profiles_.end(), chosen) == profiles_.end())
        profiles_.push_back(chosen);
    gtk_combo_box_text_append_text(chooser, "Everyone (no profile)");
    for (const auto& profile : profiles_) {
        // Profiles of one name are told apart by their folder.
        std::string label = profile.filename().string();
        if (profile.parent_path() != profile_folder()) label += " (" + profile.parent_path().string() + ")";
        gtk_combo_box_text_append_text(chooser, label.c_str());
    }
    gtk_combo_box_text_append_text(chooser, "Choose a file…");
    showing_ = false;
}

void Dialog::choose_profile_file() {
    GtkWidget* chooser =
        gtk_file_chooser_dialog_new("Choose a profile", GTK_WINDOW(window_), GTK_FILE_CHOOSER_ACTION_OPEN,
                                    "_Cancel", GTK_RESPONSE_CANCEL, "_Open", GTK_RESPONSE_ACCEPT, nullptr);
    GtkFileFilter* profiles = gtk_file_filter_new();
    gtk_file_filter_set_name(profiles, "Profiles (*.pt)");
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
    const std::string& format = formats_[active(format_)];
    gtk_widget_set_visible(aspect_, format == own_aspect);
    settings.format = format == own_aspect ? gtk_entry_get_text(GTK_ENTRY(aspect_)) : format;
    settings.copy_area = static_cast<TextPlace>(active(copy_area_));
    settings.count = gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(count_));
    settings.keep_heads = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(keep_heads_)) != FALSE;
    settings.add_map = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(add_map_)) != FALSE;
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
    set_active(map_, static_cast<int>(settings.map));
    gtk_range_set_value(GTK_RANGE(opacity_), settings.opacity);
    auto format = std::find(formats_.begin(), formats_.end(), settings.format);
    if (format == formats_.end() || formats_[active(format_)] == own_aspect) {
        // An aspect that is no preset's, or is being typed.
        format = std::find(formats_.begin(), formats_.end(), own_aspect);
        if (settings.format != gtk_entry_get_text(GTK_ENTRY(aspect_)))
            gtk_entry_set_text(GTK_ENTRY(aspect_), settings.format.c_str());
    }
    set_active(format_, static_cast<int>(format - formats_.begin()));
    set_active(copy_area_, static_cast<int>(settings.copy_area));
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(count_), settings.count);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(keep_heads_), settings.keep_heads);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(add_map_), settings.add_map);
    set_active(marks_, static_cast<int>(settings.marks));
    set_active(cut_, static_cast<int>(settings.cut));
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
    set_text(crop_text_, state_.crop_text());
    set_text(legend_low_, state_.legend_low());
    set_text(legend_high_, state_.legend_high());
    set_text(reasons_, state_.status().empty() ? state_.reasons_text() : state_.status());
    gtk_widget_set_sensitive(map_, state_.has_profile());
    gtk_widget_set_sensitive(crop_bar_, state_.ready());
    gtk_widget_set_sensitive(rating_bar_, state_.ready());
    gtk_dialog_set_response_sensitive(GTK_DIALOG(window_), GTK_RESPONSE_OK, state_.ready());
    const Size size = state_.preview_size();
    gtk_widget_set_size_request(preview_, size.width, size.height);
    gtk_widget_queue_draw(preview_);
    g_debug(state_.ready() ? "answer shown" : "waiting");
}

void Dialog::draw(cairo_t* cairo) const {
    g_debug("window drawn");  // with G_MESSAGES_DEBUG=all the log says how long what took
    const auto rgb = state_.preview();
    if (!rgb.empty()) return draw_pixels(cairo, rgb, state_.preview_size());
    cairo_set_source_rgb(cairo, 0.25, 0.25, 0.25);
    cairo_paint(cairo);
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

}  // namespace piaa::plugin
