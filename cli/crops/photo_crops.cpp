#include "crops/photo_crops.h"

#include <algorithm>

#include <piaa/faces.h>

namespace piaa::cli {

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

FoundCrops find_photo_crops(const CropRequest& request, const std::vector<CropFormat>& formats,
                            const PersonalModel& scorer, const Features& features, std::atomic<bool>& faces) {
    FoundCrops found;
    std::vector<CropOptions> options;
    for (const CropFormat& format : formats) {
        options.push_back(format.options);
        for (const BoxArgument& keep : request.keep) options.back().keep.push_back(keep.in(features.photo));
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
