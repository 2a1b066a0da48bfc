#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>

#include "crops/crop_format.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// What stands in a format's text boxes, in their order, lines parted by "\n"; nothing in those beyond the
/// last text.
using PosterTexts = std::vector<std::string>;

/// Throws Error(bad_argument) for what no XML can hold: bytes that are not UTF-8, control characters.
void check_poster_text(const std::string& text);

/// Throws Error(bad_argument) where none of the formats has as many text boxes, so that text would be lost.
/// blank: what the caller calls room for text, for that sentence.
void check_room(const std::vector<CropFormat>& formats, const PosterTexts& texts, const std::string& blank);

/// A picture of the whole photo with the text boxes of a crop drawn on it: scrims, and text as large as fits;
/// a sample in the first box where no text is given. crop: in shares of the picture.
Image with_text_layer(const Image& picture, const Box& crop, const std::vector<TextArea>& areas,
                      const PosterTexts& texts);

/// A crop as a poster: an SVG that holds the whole photo, shows the crop by its viewBox and has the text
/// above it, so that all of it can be moved afterwards. photo: its bytes or else its file. size: pixels of
/// the poster; none for the crop's, at most 2400 along its longer side. angle: degrees that the frame in
/// which the crop lies is turned clockwise on the photo; the SVG holds that frame then. Throws as
/// read_image() does.
std::string poster_svg(const Photo& photo, Size photo_size, const CropCandidate& crop,
                       const std::optional<Size>& size, const PosterTexts& texts, double angle = 0);

}  // namespace piaa::cli
