#pragma once

#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>
#include <piaa/heatmap.h>

namespace piaa::plugin {

/// Where text will stand in a crop.
enum class TextPlace { of_format, none, top, bottom, left, right };
/// How suggested crops are shown in the image.
enum class CropMarks { none, guides, paths, layers };
/// What happens to the image itself.
enum class Cut { nothing, crop, new_images };

/// What is judged.
enum class Source {
    fitting,  ///< what is visible where the chosen layer alone does not show it, else the layer
    visible,  ///< the image as it would be exported
    layer     ///< the chosen layer's own pixels, without its mask and effects
};
/// What the selection is there for.
enum class SelectionUse { judge, keep, nothing };

/// What the dialog, a script or the last run asked for.
struct Settings {
    boost::filesystem::path profile;  ///< a person's profile; empty for people in general
    Source source = Source::fitting;
    SelectionUse selection = SelectionUse::judge;
    std::vector<Box> keep;  ///< what stays whole in crops, in shares of the photo; for this run only
    HeatmapKind map = HeatmapKind::generic;
    bool add_map = true;       ///< as a layer
    double opacity = 60;       ///< of the heatmap, 0 to 100
    bool fit_colours = false;  ///< full colour at this map's strongest places, else the same for all photos
    std::string format;  ///< a preset's name, an aspect like "4:5", "photo" for the photo's own; empty: free
    int count = 5;       ///< suggested crops, 1 to 10
    TextPlace text_area = TextPlace::of_format;
    CropMarks marks = CropMarks::guides;
    Cut cut = Cut::nothing;
    bool keep_heads = true;   ///< people's heads stay whole in crops
    bool straighten = false;  ///< level a photo that is surely tilted, as piaa-batch crop --straighten does
    int chosen = 1;           ///< the crop that guides, paths and cropping use; 1 is the best

    bool operator==(const Settings&) const = default;
};

constexpr int most_crops = 10;
/// How a note in the image, and a script that likes, calls the empty format.
constexpr const char* any_shape = "free";

/// One word of a choice, as scripts write it and as people read it.
struct Choice {
    const char* word;
    const char* label;  ///< in English, see tr()
};

std::span<const Choice> source_choices();
std::span<const Choice> selection_choices();
std::span<const Choice> map_choices();
std::span<const Choice> copy_area_choices();
std::span<const Choice> marks_choices();
std::span<const Choice> cut_choices();

/// The place of a script's word among the choices of an argument. Throws Error(bad_argument) naming the
/// argument and the words there are.
int choice_of(std::span<const Choice> choices, const std::string& argument, const std::string& word);

/// Throws Error(bad_argument) for a number out of range, a format that there is not, or a map that needs a
/// profile when none is chosen.
void check(const Settings& settings);

/// For keeping the last values: JSON. Whatever is missing or damaged has its default.
std::string to_text(const Settings& settings);
Settings settings_from_text(const std::string& text);

/// What the dialog begins with where it was never used: the default ones, with the profile that ratings go
/// to, where there is one.
Settings first_settings();

/// The same in the user's settings folder (~/.config/piaa/aesthetic-crop.json), for a GIMP that forgets them
/// when it ends. What cannot be written is lost silently. Without such a file they are the first ones.
void keep_settings(const Settings& settings);
Settings kept_settings();

/// The settings that somebody saves in the dialog to come back to them, in a file beside that one. Throws
/// Error(io) where it cannot be written or read.
void save_settings(const Settings& settings);
bool has_saved_settings();
Settings saved_settings();

/// What the format, the copy area and what is to be kept ask of a crop of a photo of this size.
CropOptions crop_options_of(const Settings& settings, Size photo);

}  // namespace piaa::plugin
