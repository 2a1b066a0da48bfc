#include "crops/poster.h"

#include <cstdlib>
#include <vips/vips8>

#include <piaa/error.h>

#include "crops/crop_format.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

/// As librsvg draws it.
Image rendered(const std::string& svg) {
    const test::TemporaryFolder folder;
    test::write_bytes(folder / "a.svg", svg);
    vips_operation_block_set("VipsForeignLoadSvg", FALSE);  // the program itself reads no SVG
    const auto drawn = vips::VImage::svgload((folder / "a.svg").c_str()).flatten();
    drawn.pngsave((folder / "a.png").c_str());
    return read_full_image(folder / "a.png");
}

double difference(const Image& a, const Image& b, const PixelBox& where) {
    double sum = 0;
    for (int y = where.y; y < where.y + where.height; ++y)
        for (int x = where.x; x < where.x + where.width; ++x)
            for (int c = 0; c < 3; ++c) sum += std::abs(a.at(x, y)[c] - b.at(x, y)[c]);
    return sum / (3.0 * where.width * where.height);
}

/// How many pixels there are nearly of a colour.
int count(const Image& image, const PixelBox& where, const Colour& colour) {
    int found = 0;
    for (int y = where.y; y < where.y + where.height; ++y)
        for (int x = where.x; x < where.x + where.width; ++x) {
            const auto* pixel = image.at(x, y);
            found += std::abs(pixel[0] - colour.red) < 40 && std::abs(pixel[1] - colour.green) < 40 &&
                     std::abs(pixel[2] - colour.blue) < 40;
        }
    return found;
}

Image slopes(Size size) {
    return test::painted(size, [size](int x, int y) {
        return test::Colour{40 + 120 * x / size.width, 90, 160 - 100 * y / size.height};
    });
}

}  // namespace

TEST_CASE("a poster shows the crop, and its text in its box alone", "[poster]") {
    const test::TemporaryFolder folder;
    const Image photo = slopes({400, 300});
    const auto file = test::write_photo(photo, folder / "a");
    CropCandidate crop;
    crop.box = {100, 50, 200, 240};
    TextArea area;
    area.box = {0.1, 0.05, 0.8, 0.3};
    area.text = {255, 240, 0};
    crop.copy = {area};

    const Image poster = rendered(poster_svg({file}, photo.size(), crop, {}, {"Tea & <Cake>\\nat four"}));
    REQUIRE(poster.size() == Size{200, 240});
    const Image plain = rendered(poster_svg({file}, photo.size(), crop, {}, {""}));
    const PixelBox box{20, 12, 160, 72}, below{0, 84, 200, 156};
    const Image cut = slopes({400, 300});
    double worst = 0;
    for (int y = 0; y < 240; ++y)
        for (int x = 0; x < 200; ++x)
            for (int c = 0; c < 3; ++c)
                worst = std::max(worst, std::abs(plain.at(x, y)[c] - cut.at(x + 100, y + 50)[c]) * 1.0);
    CHECK(worst < 12);  // JPEG
    CHECK(difference(poster, plain, below) == 0);
    CHECK(count(plain, box, area.text) == 0);
    CHECK(count(poster, box, area.text) > 300);
}

TEST_CASE("a poster has its format's size and a scrim as opaque as it is said", "[poster]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_photo(test::plain({400, 300}, {200, 100, 50}), folder / "a");
    CropCandidate crop;
    crop.box = {0, 0, 200, 200};
    TextArea area;
    area.box = {0, 0.5, 1, 0.5};
    area.scrim = 0.5;
    crop.copy = {area};
    const Image poster = rendered(poster_svg({file}, {400, 300}, crop, Size{100, 100}, {""}));
    REQUIRE(poster.size() == Size{100, 100});
    CHECK(count(poster, {0, 0, 100, 49}, {200, 100, 50}) == 4900);
    CHECK(count(poster, {0, 51, 100, 49}, {100, 50, 25}) == 4900);
}

TEST_CASE("a long line is as small as its box wants", "[poster]") {
    const Image grey = test::plain({300, 200}, {90, 90, 90});
    TextArea area;
    area.box = {0.2, 0.2, 0.6, 0.2};
    area.text = {255, 255, 255};
    const std::string words = "a line longer than its box";
    const Image drawn = with_text_layer(grey, {0, 0, 1, 1}, {area}, {words});
    const PixelBox box{60, 40, 180, 40};
    CHECK(count(drawn, box, {255, 255, 255}) > 50);
    CHECK(difference(drawn, grey, {0, 0, 60, 200}) == 0);
    CHECK(difference(drawn, grey, {240, 0, 60, 200}) == 0);
    // Without any text given a sample shows where it would stand.
    CHECK(count(with_text_layer(grey, {0, 0, 1, 1}, {area}, {}), box, {255, 255, 255}) > 100);
}

TEST_CASE("lines of text stand on their baselines, whatever letters they have", "[poster]") {
    const Image grey = test::plain({400, 300}, {128, 128, 128});
    TextArea area;
    area.box = {0.1, 0.1, 0.8, 0.4};
    area.text = {255, 255, 255};
    const auto lowest = [&](const std::string& text) {
        const Image drawn = with_text_layer(grey, {0, 0, 1, 1}, {area}, {text});
        int row = 0;
        for (int y = 40; y < 140; ++y)  // inside the frame of the box
            if (count(drawn, {60, y, 280, 1}, area.text) > 0) row = y;
        return row;
    };
    CHECK(std::abs(lowest("nn") - lowest("ll")) <= 1);
    CHECK(lowest("pp") > lowest("ll") + 5);
}

TEST_CASE("text that no XML holds is refused", "[poster]") {
    for (const char* wrong : {"a\x01"
                              "b",
                              "\xff", "\xEF\xBF\xBE", "tab\x0b"})
        CHECK_THROWS_AS(check_poster_text(wrong), Error);
    for (const char* right : {"", "Tea & <Cake>", "zwei\nZeilen", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"})
        CHECK_NOTHROW(check_poster_text(right));
}

TEST_CASE("a long text is broken where that makes its letters larger, a short one is not", "[poster]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_photo(test::plain({400, 300}, {200, 100, 50}), folder / "a");
    CropCandidate crop;
    crop.box = {0, 0, 400, 300};
    TextArea area;
    area.box = {0.1, 0.1, 0.8, 0.4};
    crop.copy = {area};
    const auto texts_of = [&](const std::string& text) {
        const std::string svg = poster_svg({file}, {400, 300}, crop, {}, {text});
        std::vector<std::string> lines;
        for (std::size_t at = 0; (at = svg.find("</text>", at)) != std::string::npos; ++at) {
            const std::size_t begin = svg.rfind('>', at) + 1;
            lines.push_back(svg.substr(begin, at - begin));
        }
        return lines;
    };
    CHECK(texts_of("Open day in June") == std::vector<std::string>{"Open day in June"});
    CHECK(texts_of("Open\nday") == std::vector<std::string>{"Open", "day"});
    const std::string sentence = "What the tide leaves behind, eleven photographers on the coast of Normandy";
    const auto lines = texts_of(sentence);
    CHECK(lines.size() > 2);
    std::string joined;
    for (const std::string& line : lines) joined += (joined.empty() ? "" : " ") + line;
    CHECK(joined == sentence);
}

TEST_CASE("boxes beyond the texts stay empty", "[poster]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_photo(test::plain({400, 300}, {200, 100, 50}), folder / "a");
    CropCandidate crop;
    crop.box = {0, 0, 400, 300};
    TextArea area;
    area.box = {0, 0, 1, 0.3};
    crop.copy = {area, area};
    const auto texts_in = [&](const PosterTexts& texts) {
        const std::string svg = poster_svg({file}, {400, 300}, crop, {}, texts);
        std::size_t count = 0;
        for (std::size_t at = 0; (at = svg.find("</text>", at)) != std::string::npos; ++at) ++count;
        return count;
    };
    CHECK(texts_in({"one"}) == 1);
    CHECK(texts_in({"one", "two"}) == 2);
    CHECK(texts_in({}) == 0);
}

TEST_CASE("colours are read as style sheets have them", "[poster]") {
    CHECK(parse_colour("#1a2B3c") == Colour{26, 43, 60});
    CHECK(parse_colour("fff") == Colour{255, 255, 255});
    for (const char* wrong : {"", "#12345", "#gggggg", "red", "#1234567", "-12345"})
        CHECK_THROWS_WITH(parse_colour(wrong),
                          std::string("colour '") + wrong + "' should be six hexadecimal digits, as #1a2b3c");
}
