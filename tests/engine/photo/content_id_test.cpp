#include <algorithm>
#include <cmath>
#include <random>

#include <piaa/content_id.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

/// A landscape of sky, hills and a sun, different for every seed.
Image scene(Size size, unsigned seed) {
    std::mt19937 random(seed);
    const auto number = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    const double sun_x = number(.1, .9);
    const double sun_y = number(.1, .4);
    const double ground = number(.4, .8);
    std::vector<std::array<double, 3>> waves;
    for (int i = 0; i < 8; ++i) waves.push_back({number(2, 40), number(0, 6), number(.01, .05)});
    return test::painted(size, [&](int column, int row) {
        const double x = (column + .5) / size.width;
        const double y = (row + .5) / size.height;
        double edge = ground;
        double texture = 0;
        for (const auto& [frequency, phase, height] : waves) {
            edge += height * std::sin(frequency * x + phase);
            texture += 300 * height * std::sin(2 * frequency * y + phase + 3 * frequency * x);
        }
        const bool sun = std::hypot(x - sun_x, y - sun_y) < .08;
        const double value = y > edge ? 70 + texture : sun ? 250 : 190 - 80 * y;
        const int level = static_cast<int>(std::clamp(value, 0.0, 255.0));
        return test::Colour{level, std::min(255, level + 10), y > edge ? level / 2 : 255};
    });
}

Image changed(const Image& image, int noise) {
    std::mt19937 random(3);
    std::vector<std::uint8_t> pixels(image.pixels().begin(), image.pixels().end());
    for (auto& value : pixels)
        value = static_cast<std::uint8_t>(
            std::clamp<int>(value + static_cast<int>(random() % (2 * noise + 1)) - noise, 0, 255));
    return {image.size(), std::move(pixels)};
}

}  // namespace

TEST_CASE("a photo keeps its id when it is decoded smaller or stored with some loss", "[content_id]") {
    const unsigned seed = GENERATE(range(1U, 11U));
    const Image photo = scene({800, 600}, seed);
    const std::string id = content_id(photo);
    CHECK(id.size() == 64);
    CHECK(id == content_id(scene({800, 600}, seed)));
    CHECK(same_photo(id, content_id(resized(photo, {400, 300}))));
    CHECK(same_photo(id, content_id(resized(resized(photo, {500, 375}), {201, 151}))));
    CHECK(same_photo(id, content_id(changed(photo, 12))));
}

TEST_CASE("other photos have other ids", "[content_id]") {
    std::vector<std::string> ids;
    for (unsigned seed = 1; seed <= 30; ++seed) ids.push_back(content_id(scene({400, 300}, seed)));
    for (std::size_t i = 0; i < ids.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(same_photo(ids[i], ids[j]));
}

TEST_CASE("a crop and a mirrored photo are other photos", "[content_id]") {
    const Image photo = scene({400, 300}, 4);
    const std::string id = content_id(photo);
    const Image crop = test::painted({320, 240}, [&](int x, int y) {
        const auto* pixel = photo.at(x + 40, y + 30);
        return test::Colour{pixel[0], pixel[1], pixel[2]};
    });
    const Image mirrored = test::painted(photo.size(), [&](int x, int y) {
        const auto* pixel = photo.at(photo.width() - 1 - x, y);
        return test::Colour{pixel[0], pixel[1], pixel[2]};
    });
    CHECK_FALSE(same_photo(id, content_id(crop)));
    CHECK_FALSE(same_photo(id, content_id(mirrored)));
}

TEST_CASE("a text that is no id is no photo's", "[content_id]") {
    const std::string id = content_id(scene({64, 64}, 1));
    CHECK(same_photo(id, id));
    CHECK_FALSE(same_photo(id, ""));
    CHECK_FALSE(same_photo("", ""));
    CHECK_FALSE(same_photo(std::string(64, 'x'), std::string(64, 'x')));
}
