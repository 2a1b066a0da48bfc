#include "crops/photo_crops.h"

#include <algorithm>

#include <piaa/faces.h>

#include "photos/small_image.h"

namespace piaa::cli {
namespace {

bool holds(Size large, Size small) {
    return small.width <= large.width && small.height <= large.height;
}

/// Looks at the photo again through an upright frame, where it is surely tilted and the frame holds all that
/// must be kept, and as many pixels as asked for if the photo does.
void level(const CropRequest& request, const Model& model, const Features& photo,
           const std::optional<Image>& lines, FoundCrops& found) {
    if (!photo.picture) return;
    const double tilt = sure_tilt(model, photo, lines ? *lines : *photo.picture);
    const Levelling level = levelling_by(tilt, photo.photo);
    if (level.angle == 0) return;
    for (const BoxArgument& box : request.keep)
        if (!level.holds(box.in(photo.photo))) return;
    if (holds(photo.photo, request.min_pixels) && !holds(level.frame(), request.min_pixels)) return;
    const Image picture = levelled(*photo.picture, level.angle);
    found.levelled = std::move(extract_features(model, {&picture, 1}, {.keep_maps = true}).front());
    found.levelled->photo = level.frame();
    found.levelled->content_id = photo.content_id;  // it is the same photo to whoever learns from it
    found.levelling = level;
}

}  // namespace

std::optional<Image> picture_for_lines(const Photo& photo, const Features& features) {
    if (!features.picture || shows_lines(features.picture->size(), features.photo)) return std::nullopt;
    return read_at(photo, lines_size);
}

std::vector<CropFormat> requested_formats(const CropRequest& request) {
    auto formats = crop_formats(request.presets, request.aspects, request.upscale);
    for (CropFormat& format : formats) {
        CropOptions& crop = format.options;
        crop.count = request.count;
        crop.looks = request.looks;
        if (request.blank) crop.blank.push_back(*request.blank);
        crop.text_style = request.text_style;
        crop.margin = std::max(crop.margin, request.margin);
        crop.min_kept = std::max(crop.min_kept, request.min_kept);
        crop.min_pixels = {std::max(crop.min_pixels.width, request.min_pixels.width),
                           std::max(crop.min_pixels.height, request.min_pixels.height)};
    }
    return formats;
}

std::string idle_text_wish(const CropRequest& request, const std::vector<CropFormat>& formats,
                           const std::string& prefix) {
    const bool room = std::any_of(formats.begin(), formats.end(),
                                  [](const CropFormat& format) { return !format.options.blank.empty(); });
    const TextStyle& style = request.text_style;
    if (room || (style.least_contrast <= 0 && style.colours.empty())) return "";
    return prefix + (style.least_contrast > 0 ? "contrast" : "text-colour") +
           " is about text, and no format has room for any: take a preset with text boxes, or " + prefix +
           "blank";
}

FoundCrops find_photo_crops(const CropRequest& request, const std::vector<CropFormat>& formats,
                            const PersonalModel& scorer, const Features& photo, std::atomic<bool>& faces,
                            const std::optional<Image>& lines) {
    FoundCrops found;
    const Levelling untouched{0, photo.photo};
    if (request.straighten) {
        found.levelling = untouched;
        level(request, scorer.model(), photo, lines, found);
    }
    const Features& features = found.seen(photo);
    std::vector<CropOptions> options;
    for (const CropFormat& format : formats) {
        options.push_back(format.options);
        for (const BoxArgument& keep : request.keep)
            options.back().keep.push_back(found.levelling.value_or(untouched).in_frame(keep.in(photo.photo)));
        options.back().taste = scorer.crop_taste(features);
        options.back().judge = scorer.crop_judge(features);
    }
    if (faces) {
        const std::string failure = keep_heads(features, options);
        if (!failure.empty() && faces.exchange(false)) found.no_faces = failure;
    }
    found.results = find_crops(scorer.model(), features, options);
    if (request.rank) found.fits = fit_formats(scorer.model(), features, found.results);
    return found;
}

}  // namespace piaa::cli
