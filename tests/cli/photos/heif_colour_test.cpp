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

using Light = PictureColour::Light;
using Gamut = PictureColour::Gamut;

/// Bits from the left; the last byte is filled with zeros.
class BitWriter {
public:
    void bits(unsigned value, int count) {
        for (int i = count - 1; i >= 0; --i) all_ += (value >> i & 1) != 0 ? '1' : '0';
    }
    void number(unsigned value) {  // Exp-Golomb
        int length = 0;
        while ((value + 1) >> (length + 1) != 0) ++length;
        bits(0, length);
        bits(value + 1, length + 1);
    }
    /// With the bytes that keep it from looking like a start code.
    std::string unit() const {
        std::string bytes;
        int zeros = 0;
        for (std::size_t at = 0; at < all_.size(); at += 8) {
            std::string eight = all_.substr(at, 8);
            eight.resize(8, '0');
            const char byte = static_cast<char>(std::stoi(eight, nullptr, 2));
            if (zeros == 2 && static_cast<unsigned char>(byte) <= 3) {
                bytes += '\3';
                zeros = 0;
            }
            zeros = byte == 0 ? zeros + 1 : 0;
            bytes += byte;
        }
        return bytes;
    }

private:
    std::string all_;
};

/// An hvcC box whose sequence parameter set has these code points in its VUI. rich: with all that may stand
/// before them.
std::string hvcc(unsigned primaries, unsigned transfer, bool rich) {
    BitWriter sps;
    sps.bits(0x4201, 16);
    sps.bits(0, 4);
    sps.bits(rich ? 1 : 0, 3);
    sps.bits(1, 1);
    for (int i = 0; i < 12; ++i) sps.bits(i == 0 ? 4 : 0, 8);
    if (rich) {
        sps.bits(3, 2);
        sps.bits(0, 14);
        for (int i = 0; i < 12; ++i) sps.bits(1, 8);
    }
    sps.number(0);
    sps.number(rich ? 3 : 1);
    if (rich) sps.bits(0, 1);
    sps.number(640);
    sps.number(480);
    sps.bits(rich ? 1 : 0, 1);
    if (rich)
        for (int i = 0; i < 4; ++i) sps.number(i);
    sps.number(2);
    sps.number(2);
    sps.number(4);
    sps.bits(rich ? 1 : 0, 1);
    for (int i = 0; i < (rich ? 6 : 3) + 6; ++i) sps.number(1);
    sps.bits(rich ? 1 : 0, 1);
    if (rich) {  // scaling lists: one given, the others as others are
        sps.bits(1, 1);
        for (int list = 0; list < 20; ++list) {
            sps.bits(list == 0 ? 1 : 0, 1);
            for (int i = 0; i < (list == 0 ? 16 : 1); ++i) sps.number(list == 0 ? 2 : 0);
        }
    }
    sps.bits(0, 2);
    sps.bits(rich ? 1 : 0, 1);
    if (rich) {
        sps.bits(0x77, 8);
        sps.number(0);
        sps.number(1);
        sps.bits(0, 1);
    }
    sps.number(rich ? 2 : 0);
    if (rich) {
        sps.number(1);  // the first set: one picture before
        sps.number(0);
        sps.number(0);
        sps.bits(1, 1);
        sps.bits(1, 1);  // the second: from the first
        sps.bits(0, 1);
        sps.number(0);
        sps.bits(1, 1);
        sps.bits(1, 1);
    }
    sps.bits(rich ? 1 : 0, 1);
    if (rich) {
        sps.number(1);
        sps.bits(5, 8);
        sps.bits(1, 1);
    }
    sps.bits(0, 2);
    sps.bits(1, 1);
    sps.bits(rich ? 1 : 0, 1);
    if (rich) {
        sps.bits(255, 8);
        sps.bits(0x00010001, 32);
    }
    sps.bits(0, 1);
    sps.bits(1, 1);
    sps.bits(5, 3);
    sps.bits(1, 1);
    sps.bits(1, 1);
    sps.bits(primaries, 8);
    sps.bits(transfer, 8);
    sps.bits(9, 8);
    const std::string unit = sps.unit(), other = std::string("\x40\x01", 2);
    const auto nal = [](unsigned type, const std::string& bytes) {
        return number(type, 1) + number(1, 2) + number(static_cast<unsigned>(bytes.size()), 2) + bytes;
    };
    return box("hvcC", std::string(22, '\1') + number(2, 1) + nal(32, other) + nal(0x80 | 33, unit));
}

PictureColour colour_of(const std::string& bytes) {
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
    CHECK(colour_of(file(size + wide, "\x01\x82")).light == Light::pq);
    CHECK(colour_of(file(size + wide, "\x01\x82")).gamut == Gamut::bt2020);
    CHECK(colour_of(file(size + nclx(9, 18), "\x01\x82")).light == Light::hlg);
    CHECK(colour_of(file(size + usual, "\x01\x02")).light == Light::usual);
    // A gain map's box, which is not the picture's.
    CHECK(colour_of(file(wide + usual, "\x02")).light == Light::usual);
    const std::string good = file(size + wide, "\x01\x02");
    for (std::size_t length = 0; length < good.size(); ++length) colour_of(good.substr(0, length));
    CHECK(colour_of(test::read_bytes(PIAA_TEST_DATA "/sample.heic")).light == Light::unsaid);
}

TEST_CASE("where no box says it, the bitstream does", "[heif_colour]") {
    const std::string size = box("ispe", std::string(12, '\0')), profile = box("colr", "prof....");
    for (const bool rich : {false, true}) {
        CAPTURE(rich);
        const std::string good = file(hvcc(9, 16, rich) + size, "\x01\x02");
        CHECK(colour_of(good).light == Light::pq);
        CHECK(colour_of(good).gamut == Gamut::bt2020);
        CHECK(colour_of(file(hvcc(9, 18, rich) + size, "\x01\x02")).light == Light::hlg);
        CHECK(colour_of(file(hvcc(1, 13, rich) + size, "\x01\x02")).light == Light::usual);
        for (std::size_t length = 0; length < good.size(); ++length) colour_of(good.substr(0, length));
        for (std::size_t at = 0; at < good.size(); ++at)
            for (const char other : {'\0', '\x7f', '\xff'}) {
                std::string bad = good;
                bad[at] = other;
                colour_of(bad);
            }
    }
    // Tiles have the bitstream, and the picture that is made of them has not.
    CHECK(colour_of(file(hvcc(9, 16, false) + size, "\x02")).light == Light::pq);
    // A box comes before the bitstream, a profile as well.
    CHECK(colour_of(file(hvcc(9, 16, false) + nclx(1, 13), "\x01\x02")).light == Light::usual);
    CHECK(colour_of(file(hvcc(9, 16, false) + profile, "\x01\x02")).light == Light::usual);
    CHECK(colour_of(file(hvcc(9, 16, false) + nclx(2, 2), "\x01\x02")).light == Light::pq);
    CHECK(colour_of(file(hvcc(2, 2, false) + size, "\x01\x02")).light == Light::unsaid);
}

TEST_CASE("a photo of which nothing is said is PQ when nothing in it is brighter than PQ's white paper",
          "[heif_colour]") {
    std::vector<std::uint16_t> usual, pq, dark;
    for (int i = 0; i < 30000; ++i) {
        const double linear = std::pow(i % 1000 / 999.0, 2.2);
        for (int channel = 0; channel < 3; ++channel) {
            usual.push_back(static_cast<std::uint16_t>(65535 * (i % 1000) / 999));
            pq.push_back(pq_of(203 * linear));
            dark.push_back(static_cast<std::uint16_t>(usual.back() / 4));
        }
    }
    CHECK(looks_like_pq(pq));
    CHECK_FALSE(looks_like_pq(usual));
    CHECK_FALSE(looks_like_pq(dark));
    CHECK_FALSE(looks_like_pq({}));
    for (int i = 0; i < 15; ++i) pq[i] = 65535;  // a few damaged pixels
    CHECK(looks_like_pq(pq));
}

TEST_CASE("PQ with white paper at 203 cd/m2 looks like sRGB, and brighter light stays below white",
          "[heif_colour]") {
    for (int value = 0; value <= 224; value += 16) {
        const double srgb = value / 255.0;
        const double linear = srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
        const std::uint16_t level = pq_of(203 * linear);
        for (const auto gamut : {Gamut::bt709, Gamut::p3, Gamut::bt2020}) {
            const auto shown = shown_in_srgb(std::vector<std::uint16_t>(3, level), {Light::pq, gamut});
            for (const int channel : shown) CHECK(std::abs(channel - value) <= 1);
        }
    }
    int last = 0;
    for (const double light : {150., 203., 300., 400.}) {
        const int shown =
            shown_in_srgb(std::vector<std::uint16_t>(3, pq_of(light)), {Light::pq, Gamut::bt2020})[0];
        CHECK(shown > last);
        last = shown;
    }
}

TEST_CASE("HLG has white paper at three quarters of its signal", "[heif_colour]") {
    const auto shown = [](double signal) -> int {
        const auto level = static_cast<std::uint16_t>(std::lround(65535 * signal));
        return shown_in_srgb(std::vector<std::uint16_t>(3, level), {Light::hlg, Gamut::bt2020})[0];
    };
    CHECK(shown(0) == 0);
    // The knee brings white paper to 1 - .25 / e of the light, and what is brighter closer to white.
    CHECK(std::abs(shown(0.75) - 245) <= 1);
    CHECK(shown(1) == 255);
    // A grey card is at 38 % of the signal and then has 26 cd/m2 (BT.2408).
    CHECK(std::abs(shown(0.38) - 101) <= 2);
}
