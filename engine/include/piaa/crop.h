#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/geometry.h>
#include <piaa/model.h>

namespace piaa {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    bool operator==(const Colour&) const = default;
};

/// What is known of the text that will stand in a crop.
struct TextStyle {
    std::vector<Colour> colours = {};  ///< that it may have; none: black and white
    /// Of the text with every place under it (WCAG 2.2 asks for 4.5, and for 3 with large text); 0: as it
    /// comes.
    double least_contrast = 0;
};

struct CropOptions {
    std::optional<double> aspect = {};  ///< width over height in pixels; none leaves it free
    std::size_t count = 5;              ///< at most so many crops
    double min_kept = 0;                ///< smallest share of the photo's area
    Size min_pixels{0, 0};              ///< smallest width and height, so that nothing is enlarged later
    std::vector<Box> keep = {};         ///< what must lie inside whole, in shares of the photo
    double margin = 0;  ///< `keep` stays so far from the crop's borders, a share of its sides, 0 to 0.45
    std::vector<Box> blank =
        {};                     ///< where text will stand, in shares of the crop: calm, and nothing of `keep`
    TextStyle text_style = {};  ///< of the text on `blank`
    double most_overlap = 0.8;  ///< crops overlap less than this (intersection over union)
    /// One person's score of what has these numbers for Features::pooled; empty for crops to nobody's taste
    /// in particular.
    std::function<double(std::span<const float> pooled)> taste = nullptr;
    /// That person's score of a crop by itself; empty for nobody. So many crops as `looks` says, those framed
    /// best, are cut out of Features::picture and run through the network, and come first, those that please
    /// most before the others.
    std::function<double(const Features& crop)> judge = nullptr;
    std::size_t looks = 10;  ///< below 2: the network runs on none
};

/// Room for text inside a crop.
struct TextArea {
    Box box;              ///< in shares of the crop
    double calmness = 1;  ///< 1: nothing to see there, 0: as busy as photos get
    Colour background;    ///< the colour that most of it has
    Colour text;          ///< of TextStyle::colours the one that reads best there
    double contrast = 1;  ///< of the text with the place under it where it reads worst, 1 to 21 (WCAG 2)
    /// How opaque a layer between photo and text has to be for TextStyle::least_contrast, 0 to 1; 0 for none.
    double scrim = 0;
    Colour scrim_colour;           ///< black under light text, white under dark
    double contrast_on_scrim = 1;  ///< `contrast` with that layer; below what was asked where 1 is not enough
};

struct CropCandidate {
    PixelBox box;
    double score = 0;             ///< overlap to expect with the crop of this kind that people mean, 0 to 1
    double margin_over_full = 0;  ///< its score minus the whole frame's
    double kept = 1;              ///< share of the photo's area
    std::vector<std::string> violations;  ///< constraints no crop of the photo meets: "keep", "margin",
                                          ///< "min_kept", "min_pixels", "blank", "contrast"
    std::vector<std::string> reasons;     ///< why, in words, most telling first
    std::vector<TextArea> copy;           ///< one for each of `blank`
};

struct CropResult {
    std::vector<CropCandidate> crops;  ///< best first, never empty; by score where nobody judges them
    bool leave_it = false;             ///< the whole frame is the better answer
    Point focal_point;                 ///< where what stands out has its centre, in shares of the photo
};

/// The best crops of a photo from its stage maps; the network runs again only for CropOptions::judge.
///
/// features: of `model`, with maps; boxes are in pixels of features.photo. Any photo from 1x1 and any aspect
/// gives at least one crop: where the constraints cannot all be met, the one that breaks least, with what it
/// breaks. Nothing in the search is random.
/// Throws Error(bad_argument) for features without maps or options out of range.
PIAA_API CropResult find_crops(const Model& model, const Features& features, const CropOptions& options = {});

/// The same for several formats of one photo, in their order; what does not depend on the format is worked
/// out once.
PIAA_API std::vector<CropResult> find_crops(const Model& model, const Features& features,
                                            std::span<const CropOptions> formats);

/// How well each of these boxes frames the photo, as find_crops() weighs it before anything else is asked of
/// a crop. Throws as find_crops() does.
PIAA_API std::vector<double> rate_crops(const Model& model, const Features& features,
                                        std::span<const Box> boxes);

}  // namespace piaa
