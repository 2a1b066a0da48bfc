// RAW photos, through the same door as all others.
#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "photos/image_file.h"
#include "photos/photo_list.h"
#include "support/catch.h"
#include "support/dng.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// Left red, right blue, the upper part brighter; turned pictures show.
Image scene(Size size, int green) {
    return test::painted(size, [=](int x, int y) {
        const int light = y < size.height / 2 ? 60 : 0;
        return test::Colour{(x < size.width / 2 ? 190 : 40) + light, green,
                            (x < size.width / 2 ? 40 : 190) + light};
    });
}

fs::path write_dng(const fs::path& file, Size sensor, std::optional<Size> preview, int orientation = 1) {
    // The preview is greener, to tell which of the two was taken.
    const std::string jpeg = preview ? encode_jpeg(scene(*preview, 150), 95) : "";
    test::write_bytes(file, test::dng_bytes(scene(sensor, 60), jpeg, preview.value_or(Size{}), orientation));
    return file;
}

SmallestSize at_least(int width, int height) {
    return [=](Size) { return Size{width, height}; };
}

int green_at(const Image& image) {
    return image.at(image.width() / 4, image.height() / 4)[1];
}

}  // namespace

TEST_CASE("a RAW file is known by content, a TIFF is still a TIFF", "[raw]") {
    const test::TemporaryFolder folder;
    const fs::path raw = write_dng(folder / "photo.txt", {640, 480}, Size{320, 240});
    CHECK(read_header(raw).format == ImageFormat::raw);
    CHECK(read_header(raw).size == Size{640, 480});
    const fs::path tiff = test::write_photo(scene({64, 48}, 60), folder / "t", {.suffix = ".tif"});
    fs::rename(tiff, folder / "t.dng");
    CHECK(read_header(folder / "t.dng").format == ImageFormat::tiff);
    CHECK(read_full_image(folder / "t.dng").size() == Size{64, 48});
}

TEST_CASE("a preview that is large enough stands for the photo, else it is developed", "[raw]") {
    const test::TemporaryFolder folder;
    const fs::path file = write_dng(folder / "a.dng", {640, 480}, Size{320, 240});
    const DecodedPhoto preview = read_image(file, at_least(300, 200));
    CHECK(preview.photo == Size{640, 480});
    CHECK(preview.image.size() == Size{320, 240});
    CHECK(green_at(preview.image) > 130);

    const DecodedPhoto whole = read_image(file, at_least(600, 400));
    CHECK(whole.image.size() == Size{640, 480});
    CHECK(green_at(whole.image) < 130);

    const fs::path bare = write_dng(folder / "b.dng", {640, 480}, std::nullopt);
    const DecodedPhoto half = read_image(bare, at_least(300, 200));
    CHECK(half.image.size() == Size{320, 240});
    const fs::path trimmed = write_dng(folder / "c.dng", {640, 480}, Size{320, 180});
    CHECK(green_at(read_image(trimmed, at_least(160, 120)).image) < 130);
}

TEST_CASE("RAW photos are turned as the camera was held, developed or by preview", "[raw]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 3, 6, 8);
    const bool by_preview = GENERATE(true, false);
    CAPTURE(orientation, by_preview);
    const fs::path file = write_dng(folder / "a.dng", {640, 480},
                                    by_preview ? std::optional(Size{320, 240}) : std::nullopt, orientation);
    const bool upright = orientation >= 5;
    const DecodedPhoto photo = read_image(file, upright ? at_least(200, 300) : at_least(300, 200));
    CHECK(photo.photo == (upright ? Size{480, 640} : Size{640, 480}));
    REQUIRE((photo.image.width() < photo.image.height()) == upright);
    // Where the red half, stored on the left, has to be seen.
    const int w = photo.image.width(), h = photo.image.height();
    const auto redness = [&](int x, int y) { return photo.image.at(x, y)[0] - photo.image.at(x, y)[2]; };
    const auto [x, y] = orientation == 1   ? std::pair{w / 8, h / 2 + 9}
                        : orientation == 3 ? std::pair{w * 7 / 8, h / 2 + 9}
                        : orientation == 6 ? std::pair{w / 2 + 9, h / 8}
                                           : std::pair{w / 2 + 9, h * 7 / 8};
    CHECK(redness(x, y) > 60);
    CHECK(redness(w - 1 - x, h - 1 - y) < -60);
}

TEST_CASE("broken RAW files are errors that name the file, or still a picture", "[raw]") {
    const test::TemporaryFolder folder;
    const std::string whole = test::read_bytes(write_dng(folder / "a.dng", {320, 240}, Size{160, 120}));
    for (std::size_t eighth = 0; eighth < 8; ++eighth) {
        test::write_bytes(folder / "cut.dng", whole.substr(0, whole.size() * eighth / 8));
        try {
            read_image(folder / "cut.dng", at_least(300, 200));
        } catch (const Error& error) {
            CHECK_THAT(error.what(), Catch::Matchers::StartsWith((folder / "cut.dng").string()));
        }
    }
    for (std::size_t at = 8; at < whole.size(); at += whole.size() / 97) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
        flipped[whole.size() - 1 - at % 400] ^= 0x20;
        test::write_bytes(folder / "flipped.dng", flipped);
        try {
            read_image(folder / "flipped.dng", at_least(100, 100));
        } catch (const Error& error) {
            CHECK_THAT(error.what(), Catch::Matchers::StartsWith((folder / "flipped.dng").string()));
        }
    }
    test::write_bytes(folder / "fuji.raf", "FUJIFILMCCD-RAW and nothing more");
    CHECK_THROWS_AS(read_header(folder / "fuji.raf"), Error);
}

TEST_CASE("a RAW file and the picture beside it are one photo", "[raw][photo_list]") {
    const test::TemporaryFolder folder;
    for (const char* name : {"a.CR2", "a.jpg", "b.nef", "c.jpg", "d.dng", "d.txt", "e.dng", "e.HEIC", "f.dng",
                             "f.png", "g.HEIC", "g.JPG", "g.DNG", "h.jpg", "h.jpeg", "h.dng"})
        test::write_bytes(folder / name, "");
    const PhotoList list = list_photos({folder.path().string()});
    CHECK(list.pairs == 5);
    std::vector<std::string> names;
    for (const auto& photo : list.photos)
        names.push_back(photo.file.filename().string() +
                        (photo.pair.empty() ? "" : "+" + photo.pair.filename().string()));
    CHECK(names == std::vector<std::string>{"a.jpg+a.CR2", "b.nef", "c.jpg", "d.dng", "d.txt", "e.HEIC+e.dng",
                                            "f.dng", "f.png", "g.JPG+g.DNG", "h.jpeg+h.dng", "h.jpg"});
    CHECK(list_photos({(folder / "a.CR2").string()}).photos.size() == 1);
}
