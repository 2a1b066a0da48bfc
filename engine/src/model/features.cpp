#include <algorithm>
#include <cmath>
#include <map>

#include <piaa/block_means.h>
#include <piaa/content_id.h>
#include <piaa/error.h>
#include <piaa/features.h>

#include "model/extract_maps.h"
#include "model/model_impl.h"
#include "model/network_input.h"
#include "photo/detect_flags.h"
#include "photo/mirror.h"
#include "photo/plane.h"

namespace piaa {
namespace {

/// Appends each channel's mean over the map, then, if the stage has them, each channel's standard deviation.
void append_pooled(const FeatureMap& map, bool deviations, std::vector<float>& pooled) {
    const std::size_t channels = map.channels;
    const std::size_t places = static_cast<std::size_t>(map.width) * map.height;
    std::vector<float> mean(channels);
    std::vector<float> variance(channels);
    for (std::size_t place = 0; place < places; ++place) {
        const float* values = map.values.data() + place * channels;
        for (std::size_t c = 0; c < channels; ++c) mean[c] += values[c];
    }
    for (float& value : mean) value /= static_cast<float>(places);
    pooled.insert(pooled.end(), mean.begin(), mean.end());
    if (!deviations) return;
    for (std::size_t place = 0; place < places; ++place) {
        const float* values = map.values.data() + place * channels;
        for (std::size_t c = 0; c < channels; ++c)
            variance[c] += (values[c] - mean[c]) * (values[c] - mean[c]);
    }
    for (const float value : variance)
        pooled.push_back(std::sqrt(value / static_cast<float>(places) + variance_floor));
}

/// What is left of a photo to look at: the same pixels whether it came in full or decoded at an eighth.
Image reduced(const Image& photo, Size needed) {
    const int block = decode_block(photo.size(), needed);
    return block > 1 ? block_means(photo, block) : photo;
}

std::vector<Features> extract(const Model& model, std::span<const Image> images, bool with_maps,
                              bool with_picture) {
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
        for (std::size_t s = 0; s < maps[i].size(); ++s)
            append_pooled(maps[i][s], data.stages[s].deviations, features.pooled);
        if (with_maps) features.maps = std::move(maps[i]);
        if (with_picture) features.picture = small_copy(images[i], 512);
    }
    return all;
}

}  // namespace

std::vector<Features> extract_features(const Model& model, std::span<const Image> images,
                                       const FeatureOptions& options) {
    return extract(model, images, options.keep_maps, options.keep_maps);
}

std::vector<Features> extract_maps(const Model& model, std::span<const Image> images) {
    return extract(model, images, true, false);
}

Features seen_both_ways(const Model& model, Features features) {
    const Model::Impl& data = model.impl();
    if (features.maps.empty() || !features.picture)
        throw Error(ErrorCode::bad_argument,
                    "features have no maps, and to be seen both ways they need them");
    if (!data.has_class_tokens()) return features;
    const Image input = mirrored(network_input(model, *features.picture, features.photo));
    average_with_mirrored(features.maps, data.network().run({&input, 1}).front());
    return features;
}

Image network_input(const Model& model, const Image& photo, Size like) {
    return resized(reduced(photo, decode_size(model, photo.size())),
                   input_size(model.impl().preprocessing, like));
}

Size decode_size(const Model& model, Size photo) {
    return size_to_decode(model.impl().preprocessing, photo);
}

}  // namespace piaa
