#include "photos/jpeg_eighth.h"

#include <algorithm>
#include <random>
#include <vips/vips8>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "photos/image_file.h"
#include "support/catch.h"
#include "support/jpeg_files.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using vips::VImage;
namespace fs = boost::filesystem;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

/// Shapes and grain in all colours, so that every coefficient is there.
Image busy(Size size) {
    std::mt19937 random(7);
    return test::painted(size, [&random](int x, int y) {
        const auto grain = [&random] { return static_cast<int>(random() % 60); };
        return test::Colour{(x * 3 + y) % 190 + grain(), (x / 9 * 40 + y / 13 * 25) % 190 + grain(),
                            (x * y / 50) % 190 + grain()};
    });
}

/// What libvips gives of the whole file at an eighth, without a word about warnings.
std::vector<std::uint8_t> by_libvips(const std::string& jpeg) {
    const auto options = VImage::option()
                             ->set("shrink", 8)
                             ->set("access", VIPS_ACCESS_SEQUENTIAL)
                             ->set("fail_on", VIPS_FAIL_ON_ERROR);
    const VImage image = VImage::new_from_buffer(jpeg.data(), jpeg.size(), "", options).copy_memory();
    std::size_t length = 0;
    const std::unique_ptr<void, void (*)(void*)> memory(image.write_to_memory(&length), g_free);
    const auto* pixels = static_cast<const std::uint8_t*>(memory.get());
    return {pixels, pixels + length};
}

std::size_t length_of(const JpegEighth& jpeg) {
    std::size_t length = 0;
    for (const auto part : jpeg.parts) length += part.size();
    return length;
}

/// Our eighth of the file; none where the whole file is needed.
std::optional<JpegPixels> our_eighth(const std::string& jpeg) {
    const auto few = eighth_of_progressive(bytes_of(jpeg));
    return few ? decode_eighth(*few) : std::nullopt;
}

void check_is_exact(const Image& picture, const test::JpegKind& kind) {
    const std::string jpeg = test::jpeg_bytes(picture, kind);
    CAPTURE(picture.width(), picture.height(), kind.across, kind.down, kind.grey, kind.arithmetic,
            kind.restart);
    const auto few = eighth_of_progressive(bytes_of(jpeg));
    REQUIRE(few);
    CHECK(length_of(*few) < jpeg.size());
    const auto ours = decode_eighth(*few);
    REQUIRE(ours);
    CHECK(ours->width == picture.width() / 8);
    CHECK(ours->height == picture.height() / 8);
    CHECK(ours->samples == by_libvips(jpeg));
}

}  // namespace

TEST_CASE("an eighth from few scans is the whole file's to the bit, in every subsampling", "[jpeg_eighth]") {
    VIPS_INIT("tests");
    const auto [across, down] =
        GENERATE(table<int, int>({{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {1, 4}, {4, 2}, {2, 4}, {3, 1}}));
    for (const Size size : {Size{333, 401}, Size{160, 96}, Size{8, 8}, Size{17, 130}, Size{1000, 9}})
        check_is_exact(busy(size), {.across = across, .down = down});
}

TEST_CASE("an eighth from few scans is exact whatever the scans, the coding and the restarts",
          "[jpeg_eighth]") {
    VIPS_INIT("tests");
    const Image picture = busy({341, 203});
    auto scripts = test::unusual_scans();
    scripts.emplace_back();
    for (const auto& scans : scripts)
        for (const int fineness : {1, 2})
            for (const bool arithmetic : {false, true})
                for (const unsigned restart : {0U, 1U, 7U})
                    check_is_exact(picture, {.across = fineness,
                                             .down = fineness,
                                             .scans = scans,
                                             .arithmetic = arithmetic,
                                             .restart = restart});
    check_is_exact(picture, {.across = 1, .down = 1, .grey = true});
    check_is_exact(picture, {.across = 2, .down = 2, .grey = true, .restart = 3});
    check_is_exact(picture, {.across = 4, .down = 4, .scans = test::unusual_scans().front()});
    check_is_exact(picture, {.quality = 100});
    // Detail of more than 8 bits per number.
    const Image stripes = test::painted({200, 160}, [](int x, int y) {
        return (x / 7 + y / 40) % 2 ? test::Colour{255, 0, 0} : test::Colour{0, 0, 255};
    });
    check_is_exact(stripes, {.quality = 100});
    check_is_exact(picture, {.quality = 3});
}

TEST_CASE("of most files few bytes are needed and little memory", "[jpeg_eighth]") {
    const std::string jpeg = test::jpeg_bytes(busy({640, 480}), {.across = 1, .down = 1});
    const auto few = eighth_of_progressive(bytes_of(jpeg));
    REQUIRE(few);
    CHECK(length_of(*few) * 10 < jpeg.size());
    CHECK(decoding_memory(*few) < 640 * 480 / 4);
}

TEST_CASE("what is no whole progressive JPEG is left to the decoder of whole files", "[jpeg_eighth]") {
    const Image picture = busy({90, 70});
    SECTION("baseline") {
        CHECK_FALSE(eighth_of_progressive(bytes_of(test::jpeg_bytes(picture, {.progressive = false}))));
    }
    SECTION("four planes") {
        const test::TemporaryFolder folder;
        const auto file =
            test::write_photo(picture, folder / "a", {.suffix = ".jpg[interlace=true]", .space = "cmyk"});
        CHECK_FALSE(eighth_of_progressive(bytes_of(test::read_bytes(file))));
    }
    SECTION("cut anywhere") {
        const std::string jpeg = test::jpeg_bytes(picture, {.restart = 5});
        REQUIRE(our_eighth(jpeg));
        for (std::size_t length = 0; length < jpeg.size(); ++length)
            REQUIRE_FALSE(eighth_of_progressive(bytes_of(jpeg).first(length)));
    }
    SECTION("detail that was never sent, which libjpeg guesses") {
        const std::vector<test::JpegScan> means = {{{0, 1, 2}, 0, 0}};
        CHECK_FALSE(eighth_of_progressive(bytes_of(test::jpeg_bytes(picture, {.scans = means}))));
        const std::vector<test::JpegScan> coarse = {
            {{0, 1, 2}, 0, 0}, {{0}, 1, 63, 0, 1}, {{1}, 1, 63}, {{2}, 1, 63}};
        CHECK_FALSE(eighth_of_progressive(bytes_of(test::jpeg_bytes(picture, {.scans = coarse}))));
    }
    SECTION("something behind its end is none of its business") {
        CHECK(our_eighth(test::jpeg_bytes(picture, {}) + std::string(5000, '\xFF')));
    }
}

TEST_CASE("a damaged progressive JPEG is told with the words of the whole file's decoder", "[jpeg_eighth]") {
    VIPS_INIT("tests");
    const test::TemporaryFolder folder;
    const auto file = folder / "photo.jpg";
    const std::string whole = test::jpeg_bytes(busy({200, 150}), {});
    const auto sentence_of = [&](Size smallest) -> std::string {
        try {
            read_image(file, [smallest](Size) { return smallest; });
            return "";
        } catch (const Error& error) {
            return error.what();
        }
    };
    const auto told_by_libvips = [](const std::string& jpeg) -> std::string {
        try {
            by_libvips(jpeg);
            vips_error_clear();  // what it only warned of
            return "";
        } catch (const vips::VError& error) {
            vips_error_clear();
            const std::string text = error.what();
            return text.substr(0, text.find('\n'));
        }
    };
    std::mt19937 random(3);
    int refused = 0;
    for (int i = 0; i < 600; ++i) {
        std::string jpeg = whole;
        const std::size_t at = random() % (i % 2 == 0 ? 700 : jpeg.size());
        if (i % 6 == 5)
            jpeg.resize(at);
        else
            jpeg[at] = static_cast<char>(random());
        test::write_bytes(file, jpeg);
        const std::string ours = sentence_of({25, 18}), theirs = told_by_libvips(jpeg);
        CAPTURE(i, at, ours, theirs);
        if (!ours.empty() && ours.find("damaged or truncated") != std::string::npos) {
            ++refused;
            CHECK(ours == file.string() + ": is damaged or truncated: " + theirs);
        }
        // Damage in what an eighth leaves out is not seen.
        if (ours.empty() && !theirs.empty()) {
            const auto few = eighth_of_progressive(bytes_of(jpeg));
            REQUIRE(few);
            for (const auto part : few->parts) {
                const auto start = static_cast<std::size_t>(part.data() - bytes_of(jpeg).data());
                CHECK((at < start || at >= start + part.size()));
            }
        }
    }
    CHECK(refused > 100);
}

TEST_CASE("a progressive JPEG is read no further than an eighth of it needs", "[jpeg_eighth]") {
    VIPS_INIT("tests");
    const test::TemporaryFolder folder;
    const auto file = folder / "photo.jpg";
    const Image picture = busy({1600, 1200});
    const int fineness = GENERATE(1, 2);
    const std::string jpeg = test::jpeg_bytes(picture, {.across = fineness, .down = fineness, .quality = 95});
    const auto small = [](Size photo) { return Size{photo.width / 8, photo.height / 8}; };
    const auto at_once = [&] { return decode_image(read_image_bytes(file), file, small).image; };
    const auto agrees = [](const Image& a, const Image& b) {
        return a.size() == b.size() && std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin());
    };
    test::write_bytes(file, jpeg);

    SECTION("the last scan stays where it is") {
        const FileBytes start = read_image_bytes(file, small);
        CHECK_FALSE(start.whole());
        CHECK(agrees(decode_image(start, file, small).image, at_once()));
        CHECK(agrees(read_image(file, small).image, at_once()));
        // Asked for more than was thought of when it was read.
        const auto half = [](Size photo) { return Size{photo.width / 2, photo.height / 2}; };
        CHECK(agrees(decode_image(start, file, half).image, read_image(file, half).image));
    }
    SECTION("all is read for a larger size, and of other files") {
        CHECK(read_image_bytes(file, [](Size photo) { return Size{photo.width / 7, 1}; }).whole());
        test::write_bytes(file, jpeg + "a video may follow");
        CHECK(read_image_bytes(file, small).whole());
        test::write_bytes(file, jpeg.substr(0, jpeg.size() - 1));
        CHECK(read_image_bytes(file, small).whole());
        test::write_bytes(file, test::jpeg_bytes(picture, {.progressive = false, .quality = 95}));
        CHECK(read_image_bytes(file, small).whole());
        CHECK(read_image_bytes(file, small).span().size() == fs::file_size(file));
    }
    SECTION("damage in what was read is told from the whole file") {
        std::string damaged = jpeg;
        damaged.replace(jpeg.find("\xFF\xDA") + 200, 4, "\xFF\xD3\xFF\xD5", 4);
        test::write_bytes(file, damaged);
        CHECK(agrees(read_image(file, small).image, at_once()));
    }
}
