#include <cmath>
#include <string>

#include <piaa/level.h>

#include "photos/image_file.h"
#include "support/catch.h"

using namespace piaa;

namespace {

/// Of BSDS500, judged level by eye by a horizon, a waterline or uprights; nothing was chosen beside them.
constexpr const char* level_photos[] = {
    "test_10081",   "test_104055",  "test_118072",  "test_140088",  "test_146074",  "test_157032",
    "test_226033",  "test_228076",  "test_238025",  "test_388067",  "test_61034",   "test_69000",
    "test_79073",   "test_81095",   "train_144067", "train_145014", "train_153093", "train_161062",
    "train_172032", "train_2092",   "train_216066", "train_22090",  "train_23080",  "train_245051",
    "train_249061", "train_249087", "train_253036", "train_271031", "train_286092", "train_33066",
    "train_368016", "train_374020", "train_65010",  "train_65019",  "train_71046",  "val_148089",
    "val_227092",   "val_260058",   "val_76053",    "val_97033"};

double turn_of(const Image& photo) {
    return sure_tilt(estimate_tilt(resized(photo, lines_size(photo.size()))));
}

}  // namespace

TEST_CASE("tilted photos come closer to level or stay, and level ones stay", "[level]") {
    int tilted = 0, turned = 0, right = 0, worse = 0, turned_level = 0;
    for (const std::string name : level_photos) {
        const Image photo = cli::read_full_image(PIAA_SHARED_DATA "/bsds500/images/" + name + ".jpg");
        turned_level += turn_of(photo) != 0;
        for (const double tilt : {-4.5, -2.0, 2.0, 4.5}) {
            const double turn = turn_of(levelled(photo, -tilt));
            ++tilted;
            if (turn == 0) continue;
            ++turned;
            right += std::abs(turn - tilt) <= 0.5;
            worse += std::abs(turn - tilt) > std::abs(tilt);
        }
    }
    CAPTURE(tilted, turned, right, worse, turned_level);
    CHECK(turned > tilted / 5);
    CHECK(right > turned / 4);  // what somebody calls level is often half a degree off
    CHECK(worse <= 1);
    CHECK(turned_level <= 1);
}
