#include <piaa/faces.h>

#include "photos/image_file.h"
#include "support/catch.h"

using namespace piaa;

namespace {

std::vector<Box> heads_in(const std::string& name) {
    return find_heads(cli::read_full_image(PIAA_SHARED_DATA "/bsds500/images/" + name));
}

bool holds(const Box& box, double x, double y) {
    return box.x < x && x < box.right() && box.y < y && y < box.bottom();
}

}  // namespace

TEST_CASE("a head is found from the front and in profile, and none on a bird or an aeroplane", "[faces]") {
    const std::vector<Box> family = heads_in("test_189013.jpg");
    REQUIRE(family.size() == 2);
    const Box& woman = family[family[0].width > family[1].width ? 0 : 1];
    CHECK(holds(woman, 0.42, 0.45));
    CHECK(woman.height < 0.45);

    const std::vector<Box> swimmer = heads_in("train_153093.jpg");
    REQUIRE(swimmer.size() == 1);
    CHECK(holds(swimmer.front(), 0.64, 0.29));

    CHECK(heads_in("train_135069.jpg").empty());
    CHECK(heads_in("val_3096.jpg").empty());
}
