#include "photos/jpeg_rounding.h"

#include <span>
#include <string>

#include "photos/image_file.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

std::optional<double> rounding_at(const test::TemporaryFolder& folder, const std::string& suffix) {
    const Image picture = test::disc({120, 90}, .3, .4, .2, {40, 60, 90}, {220, 200, 120});
    const auto file = test::write_photo(picture, folder / "photo", {.suffix = suffix});
    return jpeg_rounding(read_image_bytes(file).span());
}

}  // namespace

TEST_CASE("the lower the quality, the more coarsely a JPEG rounds", "[jpeg]") {
    const test::TemporaryFolder folder;
    double finer = 0;
    for (const char* quality : {"100", "95", "85", "70", "40"}) {
        const auto rounding = rounding_at(folder, std::string(".jpg[Q=") + quality + "]");
        REQUIRE(rounding);
        CHECK(*rounding > finer);
        finer = *rounding;
    }
    CHECK(rounding_at(folder, ".jpg[Q=85,interlace]") == rounding_at(folder, ".jpg[Q=85]"));
    CHECK_FALSE(rounding_at(folder, ".png"));
}

TEST_CASE("of a JPEG that is cut off before its picture no rounding is known", "[jpeg]") {
    const test::TemporaryFolder folder;
    const auto file =
        test::write_photo(test::plain({16, 16}, {9, 9, 9}), folder / "photo", {.suffix = ".jpg"});
    const FileBytes bytes = read_image_bytes(file);
    REQUIRE(jpeg_rounding(bytes.span()));
    for (std::size_t length = 0; length < 100; ++length)
        CHECK_FALSE(jpeg_rounding(bytes.span().first(length)));
}
