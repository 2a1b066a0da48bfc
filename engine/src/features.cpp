#include <algorithm>
#include <cmath>
#include <map>

#include <piaa/content_id.h>
#include <piaa/features.h>

#include "flags.h"
#include "mirror.h"
#include "model_data.h"
#include "network_input.h"
#include "plane.h"

namespace piaa {
namespace {

/// Appends each channel's mean over the map, then each channel's standard deviation.
void append_pooled(const FeatureMap& map, std::vector<float>& pooled) {
    const std::size_t channels = map.channels;
    const std::size_t places = static_cast<std::size_t>(map.width) * map.height;
    std::vector<float> mean(channels);
    std::vector<float> variance(channels);
    for (std::size_t place = 0; place < places; ++place) {
        const float* values = map.values.data() + place * channels;
        for (std::size_t c = 0; c < channels; ++c) mean[c] += values[c];
    }
    for (float& value : mean) value /= static_cast<float>(places);
    for (std::size_t place = 0; place < places; ++place) {
        const float* values = map.values.data() + place * channels;
        for (std::size_t c = 0; c < channels; ++c)
            variance[c] += (values[c] - mean[c]) * (values[c] - mean[c]);
    }
    pooled.insert(pooled.end(), mean.begin(), mean.end());
    for (const float value : variance)
        pooled.push_back(std::sqrt(value / static_cast<float>(places) + variance_floor));
}

/// What a JPEG decoder makes of a photo far larger than needed: the mean of each 8x8 pixels. Its reduced
/// sizes in between keep detail that such a mean would take away, and the photo stays as it is.
Image reduced(const Image& photo, Size needed) {
    constexpr int block = 8;
    if (std::min(photo.width() / needed.width, photo.height() / needed.height) < block) return photo;
    return resized(photo, {(photo.width() + block - 1) / block, (photo.height() + block - 1) / block});
}

}  // namespace

std::vector<Features> extract_features(const Model& model, std::span<const Image> images,
                                       const FeatureOptions& options) {
    const Model::Impl& data = model.impl();
    std::vector<Image> photos;
    std::vector<Image> inputs;
    for (const Image& image : images) {
        photos.push_back(reduced(image, decode_size(model, image.size())));
        inputs.push_back(resized(photos.back(), input_size(data.preprocessing, image.size())));
    }
    auto maps = data.network().run(inputs);
    if (data.preprocessing.mirror) {
        for (Image& input : inputs) input = mirrored(input);
        const auto others = data.network().run(inputs);
        for (std::size_t i = 0; i < maps.size(); ++i) average_with_mirrored(maps[i], others[i]);
    }

    std::vector<Features> all(images.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
        Features& features = all[i];
        features.content_id = content_id(photos[i]);
        features.photo = images[i].size();
        const Image small = small_copy(photos[i]);
        features.flags = detect_flags(small, photos[i].size());
        features.attributes = measure_attributes(small);
        features.pooled.reserve(data.pooled_size());
        for (const FeatureMap& map : maps[i]) append_pooled(map, features.pooled);
        if (options.keep_maps) {
            features.maps = std::move(maps[i]);
            features.picture = small_copy(images[i], 512);
        }
    }
    return all;
}

Image network_input(const Model& model, const Image& photo, Size like) {
    return resized(reduced(photo, decode_size(model, photo.size())),
                   input_size(model.impl().preprocessing, like));
}

Size decode_size(const Model& model, Size photo) {
    const Size input = input_size(model.impl().preprocessing, photo);
    const double scale =
        std::max(decode_margin * input.width / photo.width, decode_margin * input.height / photo.height);
    if (scale >= 1) return photo;
    return {static_cast<int>(std::ceil(photo.width * scale)),
            static_cast<int>(std::ceil(photo.height * scale))};
}

}  // namespace piaa
