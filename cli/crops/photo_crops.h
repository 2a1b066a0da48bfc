#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <piaa/features.h>
#include <piaa/level.h>
#include <piaa/personal_model.h>

#include "crops/crop_format.h"
#include "crops/rank_formats.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// What crops somebody wants.
struct CropRequest {
    std::vector<std::string> presets = {};
    std::vector<std::string> aspects = {};
    std::size_t count = 3;  ///< for each format
    std::size_t looks =
        CropOptions().looks;             ///< crops that a person's judgement is asked of, for each format
    std::vector<BoxArgument> keep = {};  ///< must stay whole
    std::optional<Box> blank = {};       ///< calm room for text, in shares of the crop
    TextStyle text_style = {};           ///< of the text in `blank` and in presets' boxes
    bool faces = true;                   ///< keep heads whole
    double margin = 0;
    double min_kept = 0;
    Size min_pixels{0, 0};
    bool rank = false;        ///< say which format suits the photo best
    bool straighten = false;  ///< level photos that are surely tilted, see piaa/level.h
    bool upscale = false;     ///< crops may be smaller than a preset's size
};

/// The formats that a request comes to. Throws as crop_formats() does.
std::vector<CropFormat> requested_formats(const CropRequest& request);

/// Why a wish about text changes nothing: no format has room for any. prefix: of options, "--" or none.
/// Empty where it does, or where there is no such wish.
std::string idle_text_wish(const CropRequest& request, const std::vector<CropFormat>& formats,
                           const std::string& prefix);

/// What was found in one photo.
struct FoundCrops {
    std::vector<CropResult> results;   ///< one for each format
    std::vector<FormatFit> fits = {};  ///< the same, where formats are to be ranked
    std::string no_faces = {};         ///< why no faces were looked for, where somebody should know
    /// The photo as an upright frame shows it, where it was levelled (piaa/level.h): boxes are of this.
    std::optional<Features> levelled = {};
    /// Where the request levels photos: the frame in which boxes lie, at angle 0 where the photo stays as it
    /// is.
    std::optional<Levelling> levelling = {};

    double angle() const { return levelling ? levelling->angle : 0; }
    const Features& seen(const Features& photo) const { return levelled ? *levelled : photo; }
};

/// The photo at lines_size(), read again, where the picture of its features (with maps) has too few pixels to
/// find lines in; else nothing. Throws as read_image().
std::optional<Image> picture_for_lines(const Photo& photo, const Features& features);

/// formats: of the request. photo: with maps. A photo that is levelled runs through the network again;
/// lines: picture_for_lines() where it is to be levelled. `faces` becomes false where no faces can be found
/// at all, which is said once. Safe to call from several threads. Throws Error(bad_argument) for a box that
/// lies outside, and as estimate_tilt().
FoundCrops find_photo_crops(const CropRequest& request, const std::vector<CropFormat>& formats,
                            const PersonalModel& scorer, const Features& photo, std::atomic<bool>& faces,
                            const std::optional<Image>& lines = {});

}  // namespace piaa::cli
