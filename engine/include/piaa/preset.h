#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>
#include <piaa/export.h>

namespace piaa {

/// A place for text or a logo inside a format.
struct PresetArea {
    std::string name;  ///< "headline"
    Box box;           ///< in shares of the crop
};

/// A named crop format, as presets/README.md describes it.
struct Preset {
    std::string name;               ///< the file's name without .json
    std::string title;              ///< for people
    std::string group;              ///< "print", "social", "web", "video", "poster" or the user's own
    double aspect = 1;              ///< width over height
    std::string ratio;              ///< the same as it was written, "4:5"
    std::optional<Size> size;       ///< pixels of the finished picture
    double margin = 0;              ///< see CropOptions
    double min_kept = 0;            ///< see CropOptions
    std::vector<PresetArea> areas;  ///< kept calm, see CropOptions::blank
    boost::filesystem::path file;
};

/// "4:5" as 0.8; also "1.91:1". Both numbers from 0.01 to 100,000, the ratio from 1:50 to 50:1.
/// Throws Error(bad_argument) otherwise.
PIAA_API double parse_aspect(const std::string& text);

/// Throws Error(bad_preset) naming the file and the field that is missing, unknown or out of range.
PIAA_API Preset read_preset(const boost::filesystem::path& file);

struct PresetList {
    std::vector<Preset> presets;       ///< by group and name
    std::vector<std::string> refused;  ///< what is wrong with each damaged file, a sentence that names it
};

/// The user's presets and the built-in ones; of two with one name the user's.
/// User's: $XDG_CONFIG_HOME/piaa/presets or ~/.config/piaa/presets.
PIAA_API PresetList list_presets();

/// The preset of that name, or the file if `name` has a '/'. Throws Error(bad_preset) with the names nearest
/// to an unknown one.
PIAA_API Preset find_preset(const std::string& name);

/// What a preset asks of a crop. `upscale`: smaller crops than its size in pixels will do.
PIAA_API CropOptions crop_options(const Preset& preset, bool upscale = true);

}  // namespace piaa
