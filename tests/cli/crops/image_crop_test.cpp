#include "crops/image_crop.h"

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "photos/image_file.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/dng.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::json;

namespace {

Json all_tags(const boost::filesystem::path& file) {
    return Json::parse(
               test::ChildProcess({test::exiftool_program, "-j", "-G1", "-n", file.string()}).wait().output)
        .at(0);
}

void add_tags(const boost::filesystem::path& file) {
    const auto ending =
        test::ChildProcess({test::exiftool_program, "-q", "-overwrite_original", "-IFD0:Artist=Ann Example",
                            "-ExifIFD:DateTimeOriginal=2021:05:06 07:08:09", "-XMP-dc:Title=A title",
                            "-XMP-xmp:Rating=4", file.string()})
            .wait();
    INFO(ending.output);
    REQUIRE(ending.exit_code == 0);
}

}  // namespace

TEST_CASE("a crop keeps colour profile and metadata, and is upright", "[image_crop]") {
    if (!test::has_exiftool()) return;
    const test::TemporaryFolder folder;
    const std::string suffix = GENERATE(".jpg", ".png", ".webp", ".tif");
    const int orientation = GENERATE(1, 6);
    if (suffix == ".png" && orientation != 1) return;  // the test's writer stores none there
    INFO(suffix << ", orientation " << orientation);
    const Image picture = test::disc({240, 160}, 0.7, 0.4, 0.12, {20, 30, 40}, {200, 180, 90});
    const auto photo = test::write_photo(picture, folder / "photo",
                                         {.suffix = suffix, .space = "p3", .orientation = orientation});
    add_tags(photo);
    CHECK(crop_suffix(photo) == suffix);
    const auto crop = folder / ("crop" + suffix);
    const auto size = GENERATE(std::optional<Size>(), std::optional<Size>({60, 45}));
    write_crop(photo, {100, 20, 120, 90}, size, crop);

    const Json before = all_tags(photo), after = all_tags(crop);
    for (const std::string tag : {"XMP-dc:Title", "XMP-xmp:Rating", "ICC_Profile:ProfileDescription",
                                  "IFD0:Artist", "ExifIFD:DateTimeOriginal"}) {
        INFO(tag);
        REQUIRE(before.contains(tag));
        REQUIRE(after.contains(tag));
        CHECK(after[tag] == before[tag]);
    }
    CHECK(after.value("IFD0:Orientation", 1) == 1);
    const Image cut = read_full_image(crop);
    CHECK(cut.size() == size.value_or(Size{120, 90}));
    // The disc's middle, in sRGB again.
    const std::uint8_t* there = picture.at(168, 64);
    const std::uint8_t* here = cut.at((168 - 100) * cut.width() / 120, (64 - 20) * cut.height() / 90);
    for (int c = 0; c < 3; ++c) CHECK(std::abs(int(there[c]) - int(here[c])) < 12);
}

TEST_CASE("a crop of a RAW photo keeps what it says of the photo, not how its pixels were stored",
          "[image_crop]") {
    if (!test::has_exiftool()) return;
    const test::TemporaryFolder folder;
    const auto photo = folder / "photo.dng", crop = folder / "crop.jpg";
    test::write_bytes(photo, test::dng_bytes(test::random_pixels({96, 64}), "", {}, 6));
    add_tags(photo);
    write_crop(photo, {4, 8, 40, 30}, std::nullopt, crop);
    const Json before = all_tags(photo), after = all_tags(crop);
    for (const std::string tag :
         {"XMP-dc:Title", "XMP-xmp:Rating", "IFD0:Artist", "IFD0:Model", "ExifIFD:DateTimeOriginal"}) {
        INFO(tag);
        REQUIRE(before.contains(tag));
        REQUIRE(after.contains(tag));
        CHECK(after[tag] == before[tag]);
    }
    CHECK(before["IFD0:Orientation"] == 6);
    CHECK(after["IFD0:Orientation"] == 1);
    CHECK(read_full_image(crop).size() == Size{40, 30});
}
