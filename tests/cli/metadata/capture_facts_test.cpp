#include "metadata/capture_facts.h"

#include <boost/filesystem/operations.hpp>
#include <exiv2/exiv2.hpp>

#include "support/catch.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

TEST_CASE("the time of a photo comes from the first date that is one", "[capture_facts]") {
    const test::TemporaryFolder folder;
    const fs::path file =
        test::write_photo(test::plain({32, 24}, {90, 120, 60}), folder / "a", {.suffix = ".jpg"});
    const auto image = Exiv2::ImageFactory::open(file.string());
    const auto time_with = [&](const std::string& key, const std::string& value) {
        image->readMetadata();
        key.starts_with("Exif") ? void(image->exifData()[key] = value) : void(image->xmpData()[key] = value);
        image->writeMetadata();
        return capture_facts({file}).time.value_or(0);
    };
    const double midnight = 1795910400;  // 2026-11-29, UTC
    CHECK(time_with("Xmp.xmp.Rating", "3") == 0);
    CHECK(time_with("Xmp.xmp.CreateDate", "2026-11-29T01:02+01:00") == midnight + 120);
    CHECK(time_with("Xmp.xmp.CreateDate", "2026-11-29T01:00:00.25+01:00") == midnight + 0.25);
    CHECK(time_with("Exif.Image.DateTime", "2026:11:29 00:00:09") == midnight + 9);
    CHECK(time_with("Exif.Photo.DateTimeDigitized", "2026:11:29 00:00:08") == midnight + 8);
    CHECK(time_with("Exif.Photo.DateTimeOriginal", "0000:00:00 00:00:00") == midnight + 8);
    CHECK(time_with("Exif.Photo.DateTimeOriginal", "2026:11:29 02:00:00") == midnight + 7200);
    CHECK(time_with("Exif.Photo.SubSecTimeOriginal", "50 ") == midnight + 7200.5);
    CHECK(time_with("Exif.Photo.OffsetTimeOriginal", "+02:00") == midnight + 0.5);
    CHECK(time_with("Exif.Photo.OffsetTimeOriginal", "-01:30") == midnight + 7200.5 + 5400);
}

TEST_CASE("the time of a HEIC photo is read", "[capture_facts]") {
    if (!test::has_exiftool()) return;
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.heic";
    fs::copy_file(fs::path(PIAA_TEST_DATA) / "sample.heic", file);
    test::ChildProcess({test::exiftool_program, "-q", "-overwrite_original",
                        "-DateTimeOriginal=2026:11:29 00:00:05", file.string()})
        .wait();
    CHECK(capture_facts({file}).time == 1795910405.);
}
