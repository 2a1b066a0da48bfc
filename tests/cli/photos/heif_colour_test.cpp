#include "photos/heif_colour.h"

#include <cmath>
#include <string>

#include "support/catch.h"
#include "support/photo_files.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

std::string number(unsigned value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
    return text;
}

std::string box(const std::string& type, const std::string& content) {
    return number(static_cast<unsigned>(content.size() + 8), 4) + type + content;
}

std::string nclx(unsigned primaries, unsigned transfer) {
    return box("colr", "nclx" + number(primaries, 2) + number(transfer, 2) + number(9, 2) + '\x80');
}

/// Item 2 is the primary one and has the properties that are named; item 1 has the first.
std::string file(const std::string& properties, const std::string& of_primary) {
    const std::string ipma = number(0, 4) + number(2, 4) + number(1, 2) + "\x01\x01" + number(2, 2) +
                             number(static_cast<unsigned>(of_primary.size()), 1) + of_primary;
    return box("ftyp", "heicheic") +
           box("meta", number(0, 4) + box("pitm", number(0, 4) + number(2, 2)) +
                           box("iprp", box("ipco", properties) + box("ipma", ipma)));
}

HeifColour colour_of(const std::string& bytes) {
    return heif_colour(std::as_bytes(std::span(bytes)));
}

std::uint16_t pq_of(double light) {
    const double y = std::pow(light / 1e4, 2610 / 16384.0);
    return static_cast<std::uint16_t>(std::lround(
        65535 * std::pow((3424 / 4096.0 + 2413 / 128.0 * y) / (1 + 2392 / 128.0 * y), 2523 / 32.0)));
}

}  // namespace

TEST_CASE("the nclx box of the primary picture says what its numbers stand for", "[heif_colour]") {
    const std::string wide = nclx(9, 16), usual = nclx(1, 13), size = box("ispe", std::string(12, '\0'));
    CHECK(colour_of(file(size + wide, "\x01\x82")).pq);
    CHECK(colour_of(file(size + wide, "\x01\x82")).bt2020);
    CHECK_FALSE(colour_of(file(size + usual, "\x01\x02")).pq);
    // A gain map's box, which is not the picture's.
    CHECK_FALSE(colour_of(file(wide + usual, "\x02")).pq);
    const std::string good = file(size + wide, "\x01\x02");
    for (std::size_t length = 0; length < good.size(); ++length) colour_of(good.substr(0, length));
    CHECK_FALSE(colour_of(test::read_bytes(PIAA_TEST_DATA "/sample.heic")).pq);
}

TEST_CASE("PQ with white paper at 203 cd/m2 looks like sRGB, and brighter light stays below white",
          "[heif_colour]") {
    for (int value = 0; value <= 224; value += 16) {
        const double srgb = value / 255.0;
        const double linear = srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
        const std::uint16_t level = pq_of(203 * linear);
        for (const bool bt2020 : {false, true}) {
            const auto shown = pq_to_srgb(std::vector<std::uint16_t>(3, level), bt2020);
            for (const int channel : shown) CHECK(std::abs(channel - value) <= 1);
        }
    }
    int last = 0;
    for (const double light : {150., 203., 300., 400.}) {
        const int shown = pq_to_srgb(std::vector<std::uint16_t>(3, pq_of(light)), true)[0];
        CHECK(shown > last);
        last = shown;
    }
}
