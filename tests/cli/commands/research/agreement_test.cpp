// Photos decoded at reduced size score as photos decoded in full, which is what the GIMP filter sees. Runs on
// the shared research photos with two shipped models.
#include <algorithm>
#include <cmath>
#include <set>

#include <boost/filesystem.hpp>

#include <piaa/piaa.h>

#include "photos/image_file.h"
#include "run/photo_options.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// `count` photos of a folder, evenly spread over its sorted names.
std::vector<fs::path> some_photos(const fs::path& folder, std::size_t count) {
    std::set<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (has_image_suffix(entry.path())) all.insert(entry.path());
    const std::vector<fs::path> sorted(all.begin(), all.end());
    std::vector<fs::path> chosen;
    for (std::size_t i = 0; i < std::min(count, sorted.size()); ++i)
        chosen.push_back(sorted[i * sorted.size() / std::min(count, sorted.size())]);
    return chosen;
}

/// Sixteen photos side by side, 2400x1600 pixels.
Image mosaic(std::span<const fs::path> files) {
    std::vector<Image> tiles;
    for (const auto& file : files) tiles.push_back(resized(read_full_image(file), {600, 400}));
    return test::painted({2400, 1600}, [&](int x, int y) {
        const auto* pixel = tiles[y / 400 * 4 + x / 600].at(x % 600, y % 400);
        return test::Colour{pixel[0], pixel[1], pixel[2]};
    });
}

double score_of(const Model& model, const Image& image) {
    const auto features = extract_features(model, std::span(&image, 1));
    return score(model, features.front()).generic;
}

}  // namespace

TEST_CASE("reduced and full decoding agree on the score", "[agreement]") {
    struct Limits {
        const char* model;
        double median, most;
    };
    // best rounds each token to eight bits anew, so any change of a pixel moves its score a little: by as
    // much from a quarter as from an eighth.
    const auto limits = GENERATE(Limits{"lite", 0.02, 0.05}, Limits{"best", 0.035, 0.13});
    const fs::path data(PIAA_SHARED_DATA);
    const test::TemporaryFolder large;
    // No photo there is large, so they are enlarged to sizes of cameras and screens, where every shrink
    // factor is used, or put together to a mosaic with fine detail.
    const std::vector<Size> sizes = {{4000, 3000}, {3000, 4000}, {1920, 1080}, {2592, 1944},
                                     {1600, 1200}, {6000, 4000}, {1680, 1120}, {3264, 2448}};
    std::vector<fs::path> small = some_photos(data / "oasis", 40), photos;
    for (auto& file : some_photos(data / "composed", 40)) small.push_back(std::move(file));
    for (std::size_t i = 0; i < small.size(); ++i) {
        const Image image = resized(read_full_image(small[i]), sizes[i % sizes.size()]);
        photos.push_back(
            test::write_photo(image, large / ("enlarged" + std::to_string(i)), {.suffix = ".jpg[Q=90]"}));
    }
    for (int i = 0; i < 20; ++i)
        photos.push_back(test::write_photo(mosaic(std::span(small).subspan(3 * i, 16)),
                                           large / ("mosaic" + std::to_string(i)), {.suffix = ".jpg[Q=90]"}));

    const Model model = load_model(limits.model);
    std::vector<double> differences;
    for (const auto& file : photos) {
        const Image full = read_full_image(file);
        const auto reduced = read_image(file, [&](Size size) { return decode_size(model, size); });
        if (reduced.image.size() == full.size()) continue;  // agrees by itself
        const double difference = std::abs(score_of(model, full) - score_of(model, reduced.image));
        differences.push_back(difference);
        if (difference > limits.most)
            WARN(file.filename() << " " << full.width() << "x" << full.height() << " as "
                                 << reduced.image.width() << "x" << reduced.image.height() << " differs by "
                                 << difference);
    }
    std::sort(differences.begin(), differences.end());
    REQUIRE(differences.size() > 50);
    const double median = differences[differences.size() / 2];
    const double most = differences[static_cast<std::size_t>(.99 * (differences.size() - 1))];
    WARN("score difference over " << differences.size() << " photos: median " << median
                                  << ", 99th percentile " << most);
    CHECK(median <= limits.median);
    CHECK(most <= limits.most);
}
