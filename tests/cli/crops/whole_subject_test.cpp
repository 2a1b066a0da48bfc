// Crops of Debian's photos by the shipped model hold the subject, whose box was marked by eye.
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>

#include <boost/filesystem/operations.hpp>

#include <piaa/piaa.h>

#include "photos/image_file.h"
#include "support/catch.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

struct MarkedPhoto {
    std::string name;
    Box subject;
};

/// How much of `part` lies in `box`.
double share_in(const Box& part, const Box& box) {
    const double across = std::min(part.right(), box.right()) - std::max(part.x, box.x);
    const double down = std::min(part.bottom(), box.bottom()) - std::max(part.y, box.y);
    return std::max(0.0, across) * std::max(0.0, down) / part.area();
}

}  // namespace

TEST_CASE("the first crop of a photo holds its subject where it fits", "[whole_subject]") {
    const auto [name, subject] =
        GENERATE(MarkedPhoto{"free_by_Peter_Nerlich", {0.25, 0.58, 0.4, 0.28}},
                 MarkedPhoto{"friends_by_Aitzol_Berasategi", {0.3, 0.22, 0.37, 0.44}},
                 MarkedPhoto{"seeding_by_Clements_Engelhardt", {0.13, 0.09, 0.32, 0.49}});
    const fs::path photo = fs::path("/usr/share/backgrounds") / (name + ".jpg");
    if (!fs::exists(photo)) {
        std::cout << "[skipped] the photos of lomiri-wallpapers-16.04 are not installed\n";
        return;
    }
    const Model model = load_model("best", {.device = "cpu"});
    const Image image = read_image(photo, [&](Size size) { return decode_size(model, size); }).image;
    const Features features = std::move(extract_features(model, {&image, 1}, {.keep_maps = true}).front());
    for (const std::optional<double> aspect : {std::optional<double>(), {2 / 3.0}, {1.0}, {9 / 16.0}}) {
        const CropResult found = find_crops(model, features, {.aspect = aspect, .count = 1});
        CAPTURE(name, aspect.value_or(0));
        // The marks are of whole hundredths, and the dandelion is as wide as the narrowest crop.
        CHECK(share_in(subject, normalized(found.crops.front().box, features.photo)) >= 0.95);
    }
}
