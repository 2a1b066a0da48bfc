// The generic heatmap of a photo as piaa-batch sees it, for comparison with GIMP's.
// Usage: photo_map PHOTO WIDTH HEIGHT [PROFILE KIND]   writes strengths from -1 to 1 as text, a row per line
#include <algorithm>
#include <iostream>
#include <string>

#include <piaa/piaa.h>

#include "photos/image_file.h"

using namespace piaa;

int main(int count, char** words) try {
    if (count < 4) throw Error(ErrorCode::bad_argument, "photo_map needs a photo, a width and a height");
    const Size size{std::stoi(words[2]), std::stoi(words[3])};
    std::optional<UserProfile> profile;
    if (count > 4) profile = load_profile(words[4]);
    const Model model = profile ? load_base_model(*profile) : load_model(list_models().front().name);
    const cli::DecodedPhoto photo =
        cli::read_image(words[1], [&](Size full) { return decode_size(model, full); });
    const Features features = seen_both_ways(
        model, extract_features(model, std::span(&photo.image, 1), {.keep_maps = true}).front());
    const Heatmap map =
        profile ? make_heatmap(model, load_prior(model), *profile, features,
                               count > 5 && std::string(words[5]) == "difference" ? HeatmapKind::difference
                                                                                  : HeatmapKind::personal)
                : make_heatmap(model, features);
    const Heatmap shown = guided_upsampling(map, resized(*features.picture, size));
    const double limit = fitted_limit(shown);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::cout << std::clamp(shown.at(x, y) / limit, -1.0, 1.0) << (x + 1 < size.width ? ' ' : '\n');
    return 0;
} catch (const Error& error) {
    std::cerr << "photo_map: " << error.what() << '\n';
    return 1;
}
