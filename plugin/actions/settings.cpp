#include "actions/settings.h"

#include <algorithm>

#include <boost/filesystem/exception.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/preset.h>
#include <piaa/whole_file.h>

#include "actions/profiles.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

// In the order of the enumerations.
constexpr Choice sources[] = {{"auto", marked("What fits the image")},
                              {"visible", marked("What is visible")},
                              {"layer", marked("The chosen layer")}};
constexpr Choice selections[] = {{"judge", marked("Judge only this part")},
                                 {"keep", marked("Keep it whole in crops")},
                                 {"ignore", marked("Ignore it")}};
constexpr Choice maps[] = {{"generic", marked("Everyone's eye")},
                           {"personal", marked("The profile's eye")},
                           {"difference", marked("Where the profile differs")}};
constexpr Choice text_areas[] = {{"format", marked("As in the format, or none")},
                                 {"none", marked("None")},
                                 {"top", marked("At the top")},
                                 {"bottom", marked("At the bottom")},
                                 {"left", marked("On the left")},
                                 {"right", marked("On the right")}};
constexpr Choice marks[] = {{"none", marked("Not at all")},
                            {"guides", marked("As guides")},
                            {"paths", marked("As paths")},
                            {"layers", marked("As layers with frames")}};
constexpr Choice cuts[] = {{"nothing", marked("Leave it whole")},
                           {"crop", marked("Crop it to the chosen one")},
                           {"new-images", marked("New image for each crop")}};

template <typename Enum>
void read_choice(const nlohmann::json& json, const char* name, std::span<const Choice> choices, Enum& value) {
    const std::string word = json.value(name, "");
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (word == choices[i].word) value = static_cast<Enum>(i);
}

void check_range(const char* name, double value, double low, double high) {
    if (!(value >= low && value <= high))
        throw Error(ErrorCode::bad_argument,
                    filled("%s is %g and should be from %g to %g", name, value, low, high));
}

void write_settings(const boost::filesystem::path& file, const Settings& settings) {
    const std::string text = to_text(settings);
    boost::filesystem::create_directories(file.parent_path());
    write_whole_file(file, std::as_bytes(std::span(text)));
}

Settings read_settings(const boost::filesystem::path& file) {
    const auto bytes = read_whole_file(file, 1 << 20);
    return settings_from_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool is_aspect(const std::string& format) {
    return format.find(':') != std::string::npos && format.find('/') == std::string::npos;
}

}  // namespace

std::span<const Choice> source_choices() {
    return sources;
}

std::span<const Choice> selection_choices() {
    return selections;
}

std::span<const Choice> map_choices() {
    return maps;
}

std::span<const Choice> copy_area_choices() {
    return text_areas;
}

std::span<const Choice> marks_choices() {
    return marks;
}

std::span<const Choice> cut_choices() {
    return cuts;
}

int choice_of(std::span<const Choice> choices, const std::string& argument, const std::string& word) {
    std::string words;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (word == choices[i].word) return static_cast<int>(i);
        words += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + std::string(choices[i].word);
    }
    throw Error(ErrorCode::bad_argument, argument + " is '" + word + "' and should be " + words);
}

void check(const Settings& settings) {
    check_range("opacity", settings.opacity, 0, 100);
    check_range("count", settings.count, 1, most_crops);
    check_range("chosen", settings.chosen, 1, settings.count);
    if (settings.map != HeatmapKind::generic && settings.profile.empty())
        throw Error(ErrorCode::bad_argument, std::string("a ") + maps[static_cast<int>(settings.map)].word +
                                                 " heatmap needs a profile, and none is chosen");
    boost::system::error_code unknown;
    if (!settings.profile.empty() && !boost::filesystem::exists(settings.profile, unknown))
        throw Error(ErrorCode::bad_argument,
                    settings.profile.string() + ": is not there and should be a person's profile, as me.pt");
    crop_options_of(settings, {100, 100});
}

std::string to_text(const Settings& settings) {
    return nlohmann::json{{"profile", settings.profile.string()},
                          {"source", sources[static_cast<int>(settings.source)].word},
                          {"selection", selections[static_cast<int>(settings.selection)].word},
                          {"map", maps[static_cast<int>(settings.map)].word},
                          {"add_map", settings.add_map},
                          {"opacity", settings.opacity},
                          {"fit_colours", settings.fit_colours},
                          {"format", settings.format},
                          {"count", settings.count},
                          {"keep_heads", settings.keep_heads},
                          {"straighten", settings.straighten},
                          {"copy_area", text_areas[static_cast<int>(settings.text_area)].word},
                          {"marks", marks[static_cast<int>(settings.marks)].word},
                          {"cut", cuts[static_cast<int>(settings.cut)].word}}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Settings settings_from_text(const std::string& text) {
    Settings settings;
    try {
        const auto json = nlohmann::json::parse(text);
        settings.profile = json.value("profile", "");
        settings.format = json.value("format", "");
        settings.add_map = json.value("add_map", settings.add_map);
        settings.opacity = std::clamp(json.value("opacity", settings.opacity), 0.0, 100.0);
        settings.fit_colours = json.value("fit_colours", settings.fit_colours);
        settings.count = std::clamp(json.value("count", settings.count), 1, most_crops);
        read_choice(json, "source", sources, settings.source);
        read_choice(json, "selection", selections, settings.selection);
        read_choice(json, "map", maps, settings.map);
        settings.keep_heads = json.value("keep_heads", settings.keep_heads);
        settings.straighten = json.value("straighten", settings.straighten);
        read_choice(json, "copy_area", text_areas, settings.text_area);
        read_choice(json, "marks", marks, settings.marks);
        read_choice(json, "cut", cuts, settings.cut);
    } catch (const nlohmann::json::exception&) {
        return {};
    }
    return settings;
}

void keep_settings(const Settings& settings) {
    try {
        write_settings(settings_file(), settings);
    } catch (const std::exception&) {  // they are a convenience
        return;
    }
}

Settings first_settings() {
    boost::system::error_code problem;
    Settings settings;
    if (boost::filesystem::exists(own_profile(), problem)) {
        settings.profile = own_profile();
        settings.map = HeatmapKind::personal;
    }
    return settings;
}

Settings kept_settings() {
    boost::system::error_code problem;
    if (!boost::filesystem::exists(settings_file(), problem)) return first_settings();
    try {
        return read_settings(settings_file());
    } catch (const Error&) {
        return {};
    }
}

void save_settings(const Settings& settings) {
    try {
        write_settings(saved_settings_file(), settings);
    } catch (const boost::filesystem::filesystem_error& error) {
        throw Error(ErrorCode::io,
                    saved_settings_file().string() + ": cannot be written: " + error.code().message());
    }
}

bool has_saved_settings() {
    boost::system::error_code ignored;
    return boost::filesystem::exists(saved_settings_file(), ignored);
}

Settings saved_settings() {
    return read_settings(saved_settings_file());
}

CropOptions crop_options_of(const Settings& settings, Size photo) {
    CropOptions options;
    if (settings.format == "photo")
        options.aspect = std::clamp(static_cast<double>(photo.width) / photo.height, 1.0 / 50, 50.0);
    else if (is_aspect(settings.format))
        options.aspect = parse_aspect(settings.format);
    else if (!settings.format.empty() && settings.format != any_shape)
        options = crop_options(find_preset(settings.format), false);
    options.count = settings.count;
    options.keep.insert(options.keep.end(), settings.keep.begin(), settings.keep.end());
    constexpr double band = 0.28;  // of the side that the text stands along
    switch (settings.text_area) {
        case TextPlace::of_format:
            break;
        case TextPlace::none:
            options.blank.clear();
            break;
        case TextPlace::top:
            options.blank = {{0, 0, 1, band}};
            break;
        case TextPlace::bottom:
            options.blank = {{0, 1 - band, 1, band}};
            break;
        case TextPlace::left:
            options.blank = {{0, 0, 1.3 * band, 1}};
            break;
        case TextPlace::right:
            options.blank = {{1 - 1.3 * band, 0, 1.3 * band, 1}};
            break;
    }
    return options;
}

}  // namespace piaa::plugin
