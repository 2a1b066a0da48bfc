#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/parse_number.h>
#include <piaa/preset.h>
#include <piaa/whole_file.h>

#include "io/installation.h"

namespace piaa {
namespace {

namespace fs = boost::filesystem;
using nlohmann::json;

constexpr std::size_t longest_file = 64 * 1024;

/// One preset file, read field by field with messages that name both.
class Fields {
public:
    Fields(const fs::path& file, const json& object, std::string inside = "")
        : file_(file), object_(object), inside_(std::move(inside)) {
        if (!object.is_object()) refuse(inside_.empty() ? "file" : inside_, "should be an object");
    }

    [[noreturn]] void refuse(const std::string& field, const std::string& should) const {
        throw Error(ErrorCode::bad_preset, file_.string() + ": " + field + " " + should);
    }

    void allow_only(std::initializer_list<const char*> names) const {
        for (const auto& [key, value] : object_.items())
            if (std::find(names.begin(), names.end(), key) == names.end())
                refuse("field '" + inside_ + key + "'", "is not known");
    }

    bool has(const char* name) const { return object_.contains(name); }

    std::string text(const char* name) const {
        const json& value = at(name);
        if (!value.is_string() || value.get<std::string>().empty()) refuse(called(name), "should be a text");
        return value;
    }

    double number(const char* name, double low, double high) const {
        const json& value = at(name);
        if (!value.is_number() || value.get<double>() < low || value.get<double>() > high)
            refuse(called(name), "is " + value.dump() + " and should be a number from " + shown(low) +
                                     " to " + shown(high));
        return value;
    }

    const json& array(const char* name) const {
        const json& value = at(name);
        if (!value.is_array()) refuse(called(name), "should be a list");
        return value;
    }

private:
    static std::string shown(double value) { return json(value).dump(); }
    std::string called(const char* name) const { return "field '" + inside_ + name + "'"; }
    const json& at(const char* name) const {
        if (!object_.contains(name)) refuse(called(name), "is missing");
        return object_[name];
    }

    const fs::path& file_;
    const json& object_;
    std::string inside_;
};

PresetArea read_area(const fs::path& file, const json& object, std::size_t index) {
    const Fields fields(file, object, "areas[" + std::to_string(index) + "].");
    fields.allow_only({"name", "x", "y", "width", "height"});
    PresetArea area{fields.text("name"),
                    {fields.number("x", 0, 1), fields.number("y", 0, 1), fields.number("width", 0.01, 1),
                     fields.number("height", 0.01, 1)}};
    if (area.box.right() > 1 + 1e-9 || area.box.bottom() > 1 + 1e-9)
        fields.refuse("area '" + area.name + "'", "reaches outside the crop");
    return area;
}

Size read_size(const Fields& fields, double aspect) {
    const json& pair = fields.array("size");
    const auto is_side = [](const json& side) {
        return side.is_number_integer() && side.get<std::int64_t>() >= 1 &&
               side.get<std::int64_t>() <= 100'000;
    };
    if (pair.size() != 2 || !is_side(pair[0]) || !is_side(pair[1]))
        fields.refuse("field 'size'", "is " + pair.dump() + " and should be [width, height] in pixels");
    const Size size{pair[0].get<int>(), pair[1].get<int>()};
    if (std::abs(size.height * aspect - size.width) > 1 + 0.005 * size.width)
        fields.refuse("field 'size'", "is " + pair.dump() + " and should have the aspect of field 'aspect'");
    return size;
}

fs::path user_folder() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config != '\0') return fs::path(config) / "piaa" / "presets";
    const char* home = std::getenv("HOME");
    return home == nullptr ? fs::path() : fs::path(home) / ".config" / "piaa" / "presets";
}

/// The preset files of a folder by name; none when there is no such folder.
std::map<std::string, fs::path> preset_files(const fs::path& folder) {
    std::map<std::string, fs::path> files;
    boost::system::error_code ignored;
    if (folder.empty() || !fs::is_directory(folder, ignored)) return files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".json") files[entry.path().stem().string()] = entry.path();
    return files;
}

std::map<std::string, fs::path> all_preset_files() {
    auto files = preset_files(user_folder());
    files.merge(preset_files(data_folder() / "presets"));
    return files;
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

}  // namespace

double parse_aspect(const std::string& text) {
    const auto number = [](const std::string& part) {
        const bool plain = !part.empty() && part.find_first_not_of("0123456789.") == std::string::npos;
        const double value = plain ? parse_number<double>(part).value_or(0) : 0;
        return value >= 0.01 && value <= 100'000 ? value : 0;
    };
    const auto colon = text.find(':');
    const double width = colon == std::string::npos ? 0 : number(text.substr(0, colon));
    const double height = colon == std::string::npos ? 0 : number(text.substr(colon + 1));
    if (width <= 0 || height <= 0 || width / height > 50.0001 || width / height < 0.0199999)
        throw Error(ErrorCode::bad_argument, "aspect '" + text +
                                                 "' should be two numbers with a colon, as 4:5, between 1:50 "
                                                 "and 50:1");
    return width / height;
}

Preset read_preset(const fs::path& file) {
    const std::string name = file.stem().string();
    const auto bytes = read_whole_file(file, longest_file);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    const json object = json::parse(text, text + bytes.size(), nullptr, false);
    if (object.is_discarded()) throw Error(ErrorCode::bad_preset, file.string() + ": is not valid JSON");

    const Fields fields(file, object);
    fields.allow_only({"title", "group", "aspect", "size", "margin", "min_kept", "areas"});
    Preset preset;
    preset.name = name;
    preset.file = file;
    preset.title = fields.text("title");
    preset.group = fields.has("group") ? fields.text("group") : "own";
    preset.ratio = fields.text("aspect");
    try {
        preset.aspect = parse_aspect(preset.ratio);
    } catch (const Error& error) {
        fields.refuse("field 'aspect':", error.what());
    }
    if (fields.has("size")) preset.size = read_size(fields, preset.aspect);
    if (fields.has("margin")) preset.margin = fields.number("margin", 0, 0.45);
    if (fields.has("min_kept")) preset.min_kept = fields.number("min_kept", 0, 1);
    if (fields.has("areas")) {
        const json& areas = fields.array("areas");
        for (std::size_t i = 0; i < areas.size(); ++i) preset.areas.push_back(read_area(file, areas[i], i));
    }
    return preset;
}

PresetList list_presets() {
    PresetList list;
    for (const auto& [name, file] : all_preset_files()) {
        try {
            list.presets.push_back(read_preset(file));
        } catch (const Error& error) {
            list.refused.emplace_back(error.what());
        }
    }
    std::stable_sort(list.presets.begin(), list.presets.end(),
                     [](const Preset& a, const Preset& b) { return a.group < b.group; });
    return list;
}

Preset find_preset(const std::string& name) {
    if (name.find('/') != std::string::npos) return read_preset(name);
    const auto files = all_preset_files();
    const auto found = files.find(name);
    if (found != files.end()) return read_preset(found->second);
    std::vector<std::string> names;
    for (const auto& [known, file] : files) names.push_back(known);
    std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return edit_distance(a, name) < edit_distance(b, name);
    });
    std::string nearest;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, names.size()); ++i)
        nearest += (i > 0 ? ", " : "; nearest are ") + names[i];
    throw Error(ErrorCode::bad_preset, "there is no preset '" + name + "'" + nearest);
}

CropOptions crop_options(const Preset& preset, bool upscale) {
    CropOptions options;
    options.aspect = preset.aspect;
    options.margin = preset.margin;
    options.min_kept = preset.min_kept;
    if (preset.size && !upscale) options.min_pixels = *preset.size;
    for (const PresetArea& area : preset.areas) options.blank.push_back(area.box);
    return options;
}

}  // namespace piaa
