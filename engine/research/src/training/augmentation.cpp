#include "training/augmentation.h"

#include <algorithm>
#include <random>

#include "model/network_input.h"
#include "photo/mirror.h"

namespace piaa {
namespace {

/// A part of the photo that keeps its aspect and loses up to `jitter` of each side.
Image jittered(const Image& photo, double jitter, std::mt19937_64& random) {
    const auto uniform = [&] { return static_cast<double>(random() % 1'000'000) / 1'000'000; };
    const double share = 1 - jitter * uniform();
    const int width = std::max(1, static_cast<int>(photo.width() * share));
    const int height = std::max(1, static_cast<int>(photo.height() * share));
    const int left = static_cast<int>((photo.width() - width) * uniform());
    const int top = static_cast<int>((photo.height() - height) * uniform());
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(width) * height * 3);
    for (int y = top; y < top + height; ++y) {
        const auto* row = photo.pixels().data() + (static_cast<std::size_t>(y) * photo.width() + left) * 3;
        pixels.insert(pixels.end(), row, row + static_cast<std::size_t>(width) * 3);
    }
    return {{width, height}, std::move(pixels)};
}

}  // namespace

std::vector<Image> photo_views(const Model& model, const Image& photo, int count, double jitter,
                               std::uint64_t seed) {
    std::vector<Image> views{network_input(model, photo, photo.size())};
    if (count > 1) views.push_back(mirrored(views.front()));
    std::mt19937_64 random(seed);
    for (int view = 2; view < count; ++view) {
        const Image part = network_input(model, jittered(photo, jitter, random), photo.size());
        views.push_back(view % 2 == 0 ? part : mirrored(part));
    }
    return views;
}

}  // namespace piaa
