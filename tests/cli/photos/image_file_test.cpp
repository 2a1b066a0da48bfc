#include "photos/image_file.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>
#include <vips/vips8>

#include <boost/crc.hpp>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using test::FileKind;
namespace fs = boost::filesystem;
using test::mean_difference;

namespace {

/// Soft colours that differ in every corner, so that a turned, mirrored or miscoloured picture shows.
Image sample(Size size) {
    return test::painted(size, [size](int x, int y) {
        return test::Colour{40 + 180 * x / size.width, 60 + 150 * y / size.height,
                            200 - 120 * x / size.width};
    });
}

Image grey_sample(Size size) {
    return test::painted(size, [size](int x, int y) {
        const int grey = 30 + 120 * x / size.width + 90 * y / size.height;
        return test::Colour{grey, grey, grey};
    });
}

std::string reason(const boost::filesystem::path& file) {
    try {
        read_full_image(file);
        return "none";
    } catch (const Error& error) {
        return error.what();
    }
}

/// A PNG with one more chunk before its pixels.
std::string with_chunk(std::string png, const std::string& body) {
    boost::crc_32_type crc;
    crc.process_bytes(body.data(), body.size());
    std::string chunk = std::string("\0\0\0", 3) + static_cast<char>(body.size() - 4) + body;
    for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(crc.checksum() >> shift);
    constexpr std::size_t behind_header = 33;
    return png.insert(behind_header, chunk);
}

}  // namespace

TEST_CASE("every format is read, told by content and not by name", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto [suffix, format, tolerance] = GENERATE(table<std::string, ImageFormat, double>({
        {".jpg[Q=95]", ImageFormat::jpeg, 2.5},
        {".png", ImageFormat::png, 0.0},
        {".png[palette=true]", ImageFormat::png, 8.0},
        {".webp[lossless=true]", ImageFormat::webp, 0.0},
        {".tif", ImageFormat::tiff, 0.0},
        {".gif", ImageFormat::gif, 8.0},
    }));
    CAPTURE(suffix);
    const Image picture = sample({60, 44});
    const auto file = test::write_photo(picture, folder / "photo", {.suffix = suffix});
    const auto renamed = folder / "photo.txt";
    boost::filesystem::rename(file, renamed);

    CHECK(read_header(renamed).format == format);
    CHECK(read_header(renamed).size == Size{60, 44});
    CHECK(mean_difference(read_full_image(renamed), picture) <= tolerance);
}

TEST_CASE("HEIC and AVIF are read", "[image_file]") {
    const auto name = GENERATE("sample.heic", "sample.avif");
    CAPTURE(name);
    const Image read = read_full_image(boost::filesystem::path(PIAA_TEST_DATA) / name);
    REQUIRE(read.size() == Size{64, 48});
    CHECK(mean_difference(read, sample({64, 48})) < 6);
}

TEST_CASE("every EXIF orientation shows the same picture", "[image_file]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 2, 3, 4, 5, 6, 7, 8);
    CAPTURE(orientation);
    const Image picture = sample({64, 48});
    const auto file =
        test::write_photo(picture, folder / "photo", {.suffix = ".jpg[Q=95]", .orientation = orientation});
    CHECK(read_header(file).size == picture.size());
    CHECK(mean_difference(read_full_image(file), picture) < 2.5);
}

TEST_CASE("other kinds of pixels become 8-bit sRGB", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto [suffix, space, tolerance] = GENERATE(table<std::string, std::string, double>({
        {".jpg[Q=95]", "b-w", 1.5},
        {".png", "b-w", 0.5},
        {".png", "grey16", 1.0},
        {".png", "rgb16", 1.0},
        {".tif", "rgb16", 1.0},
        {".tif", "scrgb", 1.0},
        {".jpg[Q=95]", "cmyk", 8.0},
        {".tif", "cmyk", 8.0},
    }));
    CAPTURE(suffix, space);
    const Image picture = grey_sample({64, 48});
    const auto file = test::write_photo(picture, folder / "photo", {.suffix = suffix, .space = space});
    CHECK(mean_difference(read_full_image(file), picture) <= tolerance);
}

TEST_CASE("a colour profile other than sRGB is applied", "[image_file]") {
    const test::TemporaryFolder folder;
    const Image picture = sample({64, 48});
    const auto tagged = test::write_photo(picture, folder / "tagged", {.space = "p3"});
    const auto untagged =
        test::write_photo(picture, folder / "untagged", {.suffix = ".png[strip=true]", .space = "p3"});
    CHECK(mean_difference(read_full_image(tagged), picture) < 1);
    CHECK(mean_difference(read_full_image(untagged), picture) > 3);
}

TEST_CASE("transparency is blended over white", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto [space, suffix] = GENERATE(table<std::string, std::string>({{"srgb", ".png"},
                                                                           {"b-w", ".png"},
                                                                           {"rgb16", ".png"},
                                                                           {"srgb", ".webp[lossless=true]"},
                                                                           {"srgb", ".tif"}}));
    CAPTURE(space, suffix);
    const Image black = test::plain({16, 12}, {0, 0, 0});
    const auto half =
        test::write_photo(black, folder / "half", {.suffix = suffix, .space = space, .alpha = 102});
    const Image read = read_full_image(half);
    for (int c = 0; c < 3; ++c) CHECK(int(read.at(5, 5)[c]) == Approx(153).margin(1));
}

TEST_CASE("the first frame of an animation counts", "[image_file]") {
    const test::TemporaryFolder folder;
    test::write_animation({test::plain({20, 10}, {250, 10, 10}), test::plain({20, 10}, {10, 10, 250})},
                          folder / "a.gif");
    const Image read = read_full_image(folder / "a.gif");
    REQUIRE(read.size() == Size{20, 10});
    CHECK(int(read.at(3, 3)[0]) > 200);
}

TEST_CASE("BMP files of every depth are read", "[image_file][bmp]") {
    const test::TemporaryFolder folder;
    const auto [bits, tolerance] =
        GENERATE(table<int, double>({{1, 0}, {4, 6}, {8, 0}, {16, 8}, {24, 0}, {32, 0}}));
    CAPTURE(bits);
    const Image stripes = test::painted({21, 13}, [](int x, int) {
        return x % 3 ? test::Colour{255, 255, 255} : test::Colour{0, 0, 0};
    });
    const Image picture = bits == 1 ? stripes : grey_sample({21, 13});
    test::write_bytes(folder / "photo.bmp", test::bmp_bytes(picture, bits));
    CHECK(mean_difference(read_full_image(folder / "photo.bmp"), picture) <= tolerance);
}

TEST_CASE("photos are decoded near the size asked for, never below", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto suffix = GENERATE(".jpg", ".webp", ".png", ".tif", ".bmp");
    const int orientation = std::string(suffix) == ".jpg" ? GENERATE(1, 6) : 1;
    CAPTURE(suffix, orientation);
    const Image picture = sample({333, 401});
    boost::filesystem::path file = folder / "photo.bmp";
    if (std::string(suffix) == ".bmp")
        test::write_bytes(file, test::bmp_bytes(picture, 24));
    else
        file = test::write_photo(picture, folder / "photo", {.suffix = suffix, .orientation = orientation});

    const auto asked =
        GENERATE(Size{333, 401}, Size{300, 350}, Size{100, 121}, Size{33, 40}, Size{5, 6}, Size{1, 1});
    CAPTURE(asked.width);
    const auto [image, photo] = read_image(file, [asked](Size) { return asked; });
    CHECK(photo == Size{333, 401});
    CHECK(image.width() >= asked.width);
    CHECK(image.height() >= asked.height);
    CHECK((image.width() < 2 * asked.width + 2 || image.height() < 2 * asked.height + 2));
    const Size small{std::min(5, asked.width), std::min(6, asked.height)};
    CHECK(mean_difference(resized(image, small), resized(picture, small)) < 6);
}

TEST_CASE("the size asked for is that of the picture as people see it", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto file =
        test::write_photo(sample({30, 90}), folder / "photo", {.suffix = ".jpg", .orientation = 8});
    Size told;
    read_image(file, [&](Size photo) { return told = photo; });
    CHECK(told == Size{30, 90});
}

TEST_CASE("a file that is no whole image is refused with a sentence", "[image_file]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "photo.jpg";
    const auto starts_with_name = Catch::Matchers::StartsWith(file.string() + ": ");

    SECTION("empty") {
        test::write_bytes(file, "");
        CHECK(reason(file) == file.string() + ": is empty and should be an image");
    }
    SECTION("text") {
        test::write_bytes(file, "once upon a time");
        CHECK_THAT(reason(file), starts_with_name && ContainsSubstring("is not an image that can be read"));
    }
    SECTION("truncated") {
        const auto suffix = GENERATE(".jpg", ".png", ".webp", ".tif", ".gif");
        CAPTURE(suffix);
        const auto whole =
            test::write_photo(test::random_pixels({120, 90}), folder / "whole", {.suffix = suffix});
        const auto bytes = test::read_bytes(whole);
        test::write_bytes(file, bytes.substr(0, bytes.size() / 2));
        CHECK_THAT(reason(file), starts_with_name && ContainsSubstring("damaged or truncated"));
        CHECK(reason(file).find('\n') == std::string::npos);
    }
    SECTION("missing") {
        CHECK(reason(file) == file.string() + ": cannot be read: No such file or directory");
    }
    SECTION("a folder") {
        boost::filesystem::create_directory(file);
        CHECK(reason(file) == file.string() + ": is a folder and should be an image file");
    }
    SECTION("a device") {
        CHECK(reason("/dev/zero") == "/dev/zero: is a pipe, socket or device and should be an image file");
    }
    SECTION("a bomb") {
        test::write_bytes(file, test::png_header({30000, 30000}));
        CHECK(reason(file) ==
              file.string() + ": image of 30000x30000 pixels is refused; it should have at most 400 million");
    }
    SECTION("a vector drawing") {
        test::write_bytes(file, "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
        CHECK_THAT(reason(file), ContainsSubstring("is not an image that can be read"));
    }
}

TEST_CASE("a damaged BMP is refused with a sentence", "[image_file][bmp]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "photo.bmp";
    std::string bytes = test::bmp_bytes(grey_sample({21, 13}), 8);

    SECTION("cut anywhere") {
        for (std::size_t length = 18; length < bytes.size(); length += 7) {
            test::write_bytes(file, bytes.substr(0, length));
            REQUIRE_THAT(reason(file), Catch::Matchers::StartsWith(file.string() + ": BMP "));
        }
    }
    SECTION("any byte of its header changed") {
        for (std::size_t at = 0; at < 54; ++at)
            for (const int value : {0, 1, 127, 255}) {
                std::string changed = bytes;
                changed[at] = static_cast<char>(value);
                test::write_bytes(file, changed);
                CHECK_NOTHROW(reason(file));  // an Error, or a picture; never anything else
            }
    }
    SECTION("compressed") {
        bytes[30] = 1;
        test::write_bytes(file, bytes);
        CHECK_THAT(reason(file), ContainsSubstring("is compressed (method 1) and should not be"));
    }
}

TEST_CASE("little memory is enough for a JPEG that streams, and for an eighth of one in several scans",
          "[image_file]") {
    const test::TemporaryFolder folder;
    const Image photo = test::random_pixels({800, 600});
    const auto streams = test::write_photo(photo, folder / "a", {.suffix = ".jpg"});
    const auto scans = test::write_photo(photo, folder / "b", {.suffix = ".jpg[interlace]"});
    const auto small = [](Size) { return Size{100, 75}; };
    const auto larger = [](Size) { return Size{101, 75}; };
    struct Limit {
        Limit() { limit_decoding_memory(1'500'000, true); }
        ~Limit() { limit_decoding_memory(192'000'000, false); }
    } const limit;
    CHECK_NOTHROW(read_image(streams, larger));
    CHECK_NOTHROW(read_image(scans, small));
    CHECK_THROWS_WITH(read_image(scans, larger),
                      ContainsSubstring("b.jpg") && ContainsSubstring("needs about 4 MB"));
}

TEST_CASE("TIFF of floats and of L*a*b* looks as it was meant", "[image_file]") {
    const test::TemporaryFolder folder;
    const Image picture = test::painted({96, 64}, [](int x, int y) {
        return test::Colour{2 * x + 20, 3 * y + 30, 120};
    });
    const fs::path png = test::write_photo(picture, folder / "reference");
    using vips::VImage;
    const VImage whole = VImage::new_from_file(png.c_str());
    const auto written = [&](VImage image, const std::string& name) {
        image.write_to_file((folder / name).c_str());
        return folder / name;
    };
    const auto as = [](VipsInterpretation kind) { return VImage::option()->set("interpretation", kind); };

    // As darktable writes: floats along the profile's curve.
    const VImage p3 = whole.icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
    VImage p3_floats = (p3 / 255.0).cast(VIPS_FORMAT_FLOAT).copy(as(VIPS_INTERPRETATION_scRGB));
    CHECK(test::mean_difference(read_full_image(written(p3_floats, "p3.tif")), picture) < 2);

    const VImage grey = whole.colourspace(VIPS_INTERPRETATION_B_W);
    const Image grey_picture = read_full_image(written(grey, "grey.png"));
    const VImage grey_floats = (grey / 255.0).cast(VIPS_FORMAT_FLOAT).copy(as(VIPS_INTERPRETATION_B_W));
    CHECK(test::mean_difference(read_full_image(written(grey_floats, "grey.tif")), grey_picture) < 1);

    const VImage lab = whole.colourspace(VIPS_INTERPRETATION_LAB);
    CHECK(test::mean_difference(read_full_image(written(lab.Lab2LabQ(), "lab8.tif")), picture) < 3);
    CHECK(test::mean_difference(read_full_image(written(lab.Lab2LabS(), "lab16.tif")), picture) < 2);
    const VImage linear = whole.colourspace(VIPS_INTERPRETATION_scRGB);
    CHECK(test::mean_difference(read_full_image(written(linear, "linear.tif")), picture) < 2);

    // Whole numbers that a program kept as floats, of 8 and of 16 bits.
    const Image plain = read_full_image(png);
    for (const double white : {1.0, 257.0}) {
        const VImage floats = (whole * white).cast(VIPS_FORMAT_FLOAT).copy(as(VIPS_INTERPRETATION_sRGB));
        CHECK(test::mean_difference(read_full_image(written(floats, "whole.tif")), plain) < 1);
        const VImage grey_whole = (grey * white).cast(VIPS_FORMAT_FLOAT).copy(as(VIPS_INTERPRETATION_B_W));
        CHECK(test::mean_difference(read_full_image(written(grey_whole, "whole.tif")), grey_picture) < 1);
    }
    const VImage far = (whole * 1e4).cast(VIPS_FORMAT_FLOAT);
    CHECK_THROWS_WITH(read_full_image(written(far, "far.tif")),
                      ContainsSubstring("should have them from 0 to 1"));
    // Numbers that are none do not count.
    VImage damaged = linear.copy_memory();
    auto* numbers = static_cast<float*>(const_cast<void*>(damaged.data()));
    numbers[0] = std::numeric_limits<float>::quiet_NaN();
    numbers[1] = std::numeric_limits<float>::infinity();
    CHECK(test::mean_difference(read_full_image(written(damaged, "damaged.tif")), picture) < 2);

    const auto signed_numbers = written(whole.cast(VIPS_FORMAT_INT), "signed.tif");
    CHECK_THROWS_WITH(read_full_image(signed_numbers), ContainsSubstring("pixels of the kind 'int'"));
}

TEST_CASE("JPEG XL is read, lossless, lossy and of 16 bits", "[image_file]") {
    const test::TemporaryFolder folder;
    const Image picture = test::painted({96, 64}, [](int x, int y) {
        return test::Colour{2 * x + 20, 3 * y + 30, 120};
    });
    CHECK(test::mean_difference(read_full_image(test::write_photo(picture, folder / "lossless",
                                                                  {.suffix = ".jxl[lossless=true]"})),
                                picture) < 0.01);
    CHECK(test::mean_difference(
              read_full_image(test::write_photo(picture, folder / "lossy", {.suffix = ".jxl"})), picture) <
          3);
    CHECK(test::mean_difference(
              read_full_image(test::write_photo(picture, folder / "deep",
                                                {.suffix = ".jxl[lossless=true]", .space = "rgb16"})),
              picture) < 1);
    CHECK(read_header(folder / "lossy.jxl").size == Size{96, 64});
}

TEST_CASE("of an animated JPEG XL the first frame is the photo", "[image_file]") {
    const Image image = read_full_image(PIAA_TEST_DATA "/animation.jxl");
    REQUIRE(image.size() == Size{48, 32});
    // The first frame is red, the second blue.
    CHECK(test::mean_difference(image, test::plain({48, 32}, {200, 40, 30})) < 3);
}

TEST_CASE("PQ is brought to sRGB, whatever says that it is PQ", "[image_file]") {
    const test::TemporaryFolder folder;
    const Image picture = sample({96, 64});
    // BT.709 primaries, white paper at 203 cd/m2, in big-endian order as in a profile.
    std::vector<std::uint16_t> pq;
    for (const int value : picture.pixels()) {
        const double srgb = value / 255.0;
        const double linear = srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
        const double y = std::pow(203 * linear / 1e4, 2610 / 16384.0);
        pq.push_back(static_cast<std::uint16_t>(std::lround(
            65535 * std::pow((3424 / 4096.0 + 2413 / 128.0 * y) / (1 + 2392 / 128.0 * y), 2523 / 32.0))));
    }
    vips::VImage image =
        vips::VImage(vips_image_new_from_memory_copy(pq.data(), pq.size() * 2, 96, 64, 3, VIPS_FORMAT_USHORT))
            .copy(vips::VImage::option()->set("interpretation", VIPS_INTERPRETATION_RGB16));
    const auto dark = [&](const fs::path& file) {
        return mean_difference(read_full_image(file), picture) > 20;
    };

    image.write_to_file((folder / "plain.png").c_str());
    const std::string png = test::read_bytes(folder / "plain.png");
    CHECK(dark(folder / "plain.png"));
    test::write_bytes(folder / "said.png", with_chunk(png, std::string("cICP\x01\x10\0\x01", 8)));
    CHECK(mean_difference(read_full_image(folder / "said.png"), picture) < 2);

    // A profile with one tag, "cicp", and one with libjxl's name.
    const auto profile_with = [](const std::string& tag, const std::string& content) {
        std::string profile(128, '\0');
        profile.replace(8, 2, "\x04\x40").replace(12, 12, "mntrRGB XYZ ").replace(36, 4, "acsp");
        profile += std::string("\0\0\0\x01", 4) + tag + std::string("\0\0\0\x90\0\0\0", 7) +
                   static_cast<char>(content.size()) + content;
        profile[3] = static_cast<char>(profile.size());
        return profile;
    };
    const std::string name("RGB_D65_SRG_Rel_PeQ", 20);
    for (const auto& profile : {profile_with("cicp", std::string("cicp\0\0\0\0\x01\x10\0\x01", 12)),
                                profile_with("desc", std::string("desc\0\0\0\0\0\0\0\x14", 12) + name)}) {
        vips::VImage profiled = image.copy();
        vips_image_set_blob_copy(profiled.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
        profiled.write_to_file((folder / "profiled.tif").c_str());
        CHECK(mean_difference(read_full_image(folder / "profiled.tif"), picture) < 2);
    }
}

TEST_CASE("a PNG of linear light looks like its sRGB twin", "[image_file]") {
    const test::TemporaryFolder folder;
    const std::string gamma_of_one = std::string("gAMA\0\x01\x86\xa0", 8),
                      linear_code_points = std::string("cICP\x01\x08\0\x01", 8);
    for (const Image& picture : {sample({96, 64}), grey_sample({96, 64})}) {
        std::vector<std::uint16_t> linear;
        for (const int value : picture.pixels()) {
            const double srgb = value / 255.0;
            linear.push_back(static_cast<std::uint16_t>(std::lround(
                65535 * (srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4)))));
        }
        const vips::VImage image(
            vips_image_new_from_memory_copy(linear.data(), linear.size() * 2, 96, 64, 3, VIPS_FORMAT_USHORT));
        const bool grey = picture.pixels()[0] == picture.pixels()[2];
        (grey ? image.extract_band(0) : image)
            .copy(vips::VImage::option()->set("interpretation",
                                              grey ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16))
            .write_to_file((folder / "plain.png").c_str());
        const std::string png = test::read_bytes(folder / "plain.png");
        for (const auto& chunk : {gamma_of_one, linear_code_points}) {
            test::write_bytes(folder / "linear.png", with_chunk(png, chunk));
            CHECK(mean_difference(read_full_image(folder / "linear.png"), picture) < 2);
        }
        // A chunk that says sRGB goes before what says a gamma.
        test::write_bytes(folder / "srgb.png",
                          with_chunk(with_chunk(png, gamma_of_one), std::string("sRGB\0", 5)));
        CHECK(mean_difference(read_full_image(folder / "srgb.png"), picture) > 20);
    }
}
