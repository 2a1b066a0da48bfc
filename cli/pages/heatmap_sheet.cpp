#include "pages/heatmap_sheet.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <piaa/heatmap_picture.h>

#include "pages/canvas.h"
#include "photos/image_png.h"
#include "photos/small_image.h"

namespace piaa::cli {
namespace {

constexpr int line_height = 22;
constexpr int margin = 12;
constexpr int panel_side = 480;  ///< of the pictures on a sheet

std::string signed_points(double points) {
    return fmt::format("{:+.2g}", points);
}

/// What stands under the colour bar.
struct LegendWords {
    explicit LegendWords(double ends)
        : low(text_image(signed_points(-ends), line_height)),
          middle(text_image("lowers   |   raises the score", line_height)),
          high(text_image(signed_points(ends), line_height)) {}

    /// Below, the words run into the numbers.
    int least_width() const { return middle.width() + 2 * (std::max(low.width(), high.width()) + margin); }

    Image low, middle, high;
};

/// The colour bar with the numbers at its ends.
Image legend(int width, const LegendWords& words) {
    Canvas canvas({width, 2 * line_height + 6});
    const int bar_width = std::min(width, 420);
    const int left = (width - bar_width) / 2;
    canvas.put(heatmap_legend({bar_width, line_height - 8}), left, 4);
    const int top = line_height + 4;
    canvas.put(words.low, left, top);
    canvas.put(words.middle, left + (bar_width - words.middle.width()) / 2, top);
    canvas.put(words.high, left + bar_width - words.high.width(), top);
    return canvas.image();
}

}  // namespace

Image overlay_with_legend(const Image& photo, const NamedMap& map) {
    const LegendWords words(map.ends);
    const int width = std::max(photo.width(), words.least_width());
    const Image bar = legend(width, words);
    Canvas canvas({width, photo.height() + margin + bar.height()});
    canvas.put(heatmap_overlay(photo, map.map, map.limit), (width - photo.width()) / 2, 0);
    canvas.put(bar, 0, photo.height() + margin);
    return canvas.image();
}

Image heatmap_sheet(const Image& photo, const std::vector<NamedMap>& maps) {
    const Size picture = within(photo.size(), panel_side);
    std::vector<LegendWords> words;
    int column = picture.width;
    for (const NamedMap& map : maps) column = std::max(column, words.emplace_back(map.ends).least_width());
    const int panels = static_cast<int>(maps.size()) + 1;
    const int pictures_top = margin + line_height + 6;
    const int legends_top = pictures_top + picture.height + margin;
    Canvas canvas({margin + panels * (column + margin), legends_top + 2 * line_height + 6 + margin});

    const auto put_panel = [&](int panel, const std::string& name, const Image& shown) {
        const int left = margin + panel * (column + margin);
        canvas.put(text_image(name, line_height), left, margin);
        canvas.put(resized(shown, picture), left + (column - picture.width) / 2, pictures_top);
        return left;
    };
    put_panel(0, "photo", photo);
    int panel = 0;
    for (const NamedMap& map : maps) {
        const int left = put_panel(++panel, map.name, heatmap_overlay(photo, map.map, map.limit));
        canvas.put(legend(column, words[panel - 1]), left, legends_top);
    }
    return canvas.image();
}

}  // namespace piaa::cli
