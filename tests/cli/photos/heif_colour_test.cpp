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
    std::string whole_bytes() const {
        std::string bytes;
        for (std::size_t at = 0; at < all_.size(); at += 8) {
            std::string eight = all_.substr(at, 8);
            eight.resize(8, '0');
            bytes += static_cast<char>(std::stoi(eight, nullptr, 2));
        }
        return bytes;
    }
    /// With the bytes that keep it from looking like a start code.
    std::string unit() const {
        std::string bytes;
        int zeros = 0;
        for (const char byte : whole_bytes()) {
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

/// A unit of AV1 with a sequence header that has these code points. rich: of a film, with all that may stand
/// before them.
std::string sequence_header(unsigned primaries, unsigned transfer, bool rich, unsigned profile = 0) {
    BitWriter header;
    header.bits(profile, 3);
    header.bits(1, 1);
    header.bits(rich ? 0 : 1, 1);
    if (!rich) {
        header.bits(4, 5);
    } else {
        header.bits(1, 1);  // how fast the pictures follow
        header.bits(1, 32);
        header.bits(25, 32);
        header.bits(1, 1);
        header.number(7);
        header.bits(1, 1);
        header.bits(9, 5);
        header.bits(1, 32);
        header.bits(9, 5);
        header.bits(9, 5);
        header.bits(1, 1);
        header.bits(1, 5);
        for (const unsigned level : {4, 9}) {
            header.bits(1, 12);
            header.bits(level, 5);
            if (level > 7) header.bits(1, 1);
            header.bits(1, 1);
            header.bits(3, 10);
            header.bits(4, 10);
            header.bits(0, 1);
            header.bits(1, 1);
            header.bits(2, 4);
        }
    }
    header.bits(9, 4);
    header.bits(8, 4);
    header.bits(639, 10);
    header.bits(479, 9);
    if (rich) {
        header.bits(1, 1);
        header.bits(12, 4);
        header.bits(3, 3);
    }
    header.bits(5, 3);
    if (rich) {
        header.bits(15, 4);
        header.bits(1, 1);  // the order of pictures
        header.bits(3, 2);
        header.bits(0, 1);
        header.bits(1, 1);
        header.bits(0, 1);
        header.bits(1, 1);
        header.bits(6, 3);
    }
    header.bits(7, 3);
    header.bits(1, 1);
    if (profile == 2) header.bits(1, 1);
    if (profile != 1) header.bits(0, 1);
    header.bits(1, 1);
    header.bits(primaries, 8);
    header.bits(transfer, 8);
    header.bits(9, 8);
    const std::string bytes = header.whole_bytes();
    return std::string("\x12\0\x0A", 3) + static_cast<char>(bytes.size()) + bytes;
}

/// An AVIF file, its stream in "av1C" or where "iloc" says.
std::string avif(const std::string& units, bool in_stream, const std::string& more = "") {
    const std::string start =
        file(box("av1C", "\x81\x05\x0C" + std::string(1, '\0') + (in_stream ? "" : units)) +
                 (more.empty() ? box("ispe", std::string(12, '\0')) : more),
             "\x01\x02");
    // The box of places goes to the end of "meta", which has the length in its first four bytes.
    const auto meta = start.find("meta") - 4;
    const std::string iloc_start =
        number(0, 4) + number(0x4400, 2) + number(1, 2) + number(2, 2) + number(0, 2) + number(1, 2);
    const auto at = start.size() + 8 + iloc_start.size() + 8 + 8;
    const std::string iloc = box("iloc", iloc_start + number(static_cast<unsigned>(at), 4) +
                                             number(static_cast<unsigned>(units.size()), 4));
    std::string all = start + iloc + box("mdat", units);
    all.replace(meta, 4, number(static_cast<unsigned>(start.size() - meta + iloc.size()), 4));
    return all;
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

namespace {

/// Cut off and damaged at each byte; nothing is said of what comes out but that it comes.
void read_damaged(const std::string& good) {
    for (std::size_t length = 0; length < good.size(); ++length) colour_of(good.substr(0, length));
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const char other : {'\0', '\x7f', '\xff'}) {
            std::string bad = good;
            bad[at] = other;
            colour_of(bad);
        }
}

}  // namespace

TEST_CASE("where no box says it, the bitstream does", "[heif_colour]") {
    const std::string size = box("ispe", std::string(12, '\0')), profile = box("colr", "prof....");
    for (const bool rich : {false, true}) {
        CAPTURE(rich);
        const std::string good = file(hvcc(9, 16, rich) + size, "\x01\x02");
        CHECK(colour_of(good).light == Light::pq);
        CHECK(colour_of(good).gamut == Gamut::bt2020);
        CHECK(colour_of(file(hvcc(9, 18, rich) + size, "\x01\x02")).light == Light::hlg);
        CHECK(colour_of(file(hvcc(1, 13, rich) + size, "\x01\x02")).light == Light::usual);
        read_damaged(good);
    }
    // Tiles have the bitstream, and the picture that is made of them has not.
    CHECK(colour_of(file(hvcc(9, 16, false) + size, "\x02")).light == Light::pq);
    // A box comes before the bitstream, a profile as well.
    CHECK(colour_of(file(hvcc(9, 16, false) + nclx(1, 13), "\x01\x02")).light == Light::usual);
    CHECK(colour_of(file(hvcc(9, 16, false) + profile, "\x01\x02")).light == Light::usual);
    CHECK(colour_of(file(hvcc(9, 16, false) + nclx(2, 2), "\x01\x02")).light == Light::pq);
    CHECK(colour_of(file(hvcc(2, 2, false) + size, "\x01\x02")).light == Light::unsaid);
}

TEST_CASE("where no box of an AVIF says it, the AV1 bitstream does", "[heif_colour]") {
    for (const bool rich : {false, true})
        for (const bool in_stream : {false, true}) {
            CAPTURE(rich, in_stream);
            const std::string good = avif(sequence_header(9, 16, rich), in_stream);
            CHECK(colour_of(good).light == Light::pq);
            CHECK(colour_of(good).gamut == Gamut::bt2020);
            CHECK(colour_of(avif(sequence_header(12, 16, rich, 1), in_stream)).gamut == Gamut::p3);
            CHECK(colour_of(avif(sequence_header(9, 18, rich, 2), in_stream)).light == Light::hlg);
            CHECK(colour_of(avif(sequence_header(1, 13, rich), in_stream)).light == Light::usual);
            CHECK(colour_of(avif(sequence_header(2, 2, rich), in_stream)).light == Light::unsaid);
            CHECK(colour_of(avif(sequence_header(9, 16, rich), in_stream, nclx(1, 13))).light ==
                  Light::usual);
            read_damaged(good);
        }
}

TEST_CASE("a photo of which nothing is said is PQ by where its brightest and its middle light lie",
          "[heif_colour]") {
    std::vector<std::uint16_t> usual, pq, dark, lights, night;
    for (int i = 0; i < 30000; ++i) {
        const double linear = std::pow(i % 1000 / 999.0, 2.2);
        for (int channel = 0; channel < 3; ++channel) {
            usual.push_back(static_cast<std::uint16_t>(65535 * (i % 1000) / 999));
            pq.push_back(pq_of(203 * linear));
            dark.push_back(static_cast<std::uint16_t>(usual.back() / 4));
            // A fifth of the photo up to four times as bright as white paper; a dark one with a few lamps.
            lights.push_back(pq_of(203 * linear * (i % 1000 < 800 ? 1 : 1 + 3 * (i % 1000 - 800) / 199.0)));
            night.push_back(static_cast<std::uint16_t>(i % 1000 < 950 ? usual.back() / 5 : 45000));
        }
    }
    CHECK(looks_like_pq(pq));
    CHECK_FALSE(looks_like_pq(usual));
    CHECK_FALSE(looks_like_pq(dark));
    CHECK(looks_like_pq(lights));
    CHECK_FALSE(looks_like_pq(night));
    CHECK_FALSE(looks_like_pq({}));
    for (int i = 0; i < 15; ++i) pq[i] = 65535;  // a few damaged pixels
    CHECK(looks_like_pq(pq));
}

TEST_CASE("PQ with white paper at 203 cd/m2 looks like sRGB, and brighter light is brought below white",
          "[heif_colour]") {
    for (int value = 0; value <= 255; value += 15) {
        const double srgb = value / 255.0;
        const double linear = srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
        const std::uint16_t level = pq_of(203 * linear);
        for (const auto gamut : {Gamut::bt709, Gamut::p3, Gamut::bt2020}) {
            const auto shown = shown_in_srgb(std::vector<std::uint16_t>(3, level), {Light::pq, gamut});
            for (const int channel : shown) CHECK(std::abs(channel - value) <= 1);
        }
    }
    // Up to half of white's light nothing changes; the brightest becomes white, and none before it.
    const std::vector<double> lights = {20, 50, 100, 150, 203, 300, 400, 600, 1000};
    std::vector<std::uint16_t> pixels;
    for (const double light : lights) pixels.insert(pixels.end(), 3, pq_of(light));
    const auto shown = shown_in_srgb(pixels, {Light::pq, Gamut::bt2020});
    for (std::size_t i = 1; i < lights.size(); ++i) CHECK(shown[3 * i] > shown[3 * i - 3]);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(shown[3 * i] ==
              shown_in_srgb(std::vector<std::uint16_t>(3, pq_of(lights[i])), {Light::pq, Gamut::bt2020})[0]);
    CHECK(shown.back() == 255);
    // A few damaged pixels are not the photo's brightest light.
    std::vector<std::uint16_t> damaged(30000, pq_of(150));
    damaged[0] = damaged[1] = damaged[2] = 65535;
    CHECK(shown_in_srgb(damaged, {Light::pq, Gamut::bt2020})[3] ==
          shown_in_srgb(std::vector<std::uint16_t>(3, pq_of(150)), {Light::pq, Gamut::bt2020})[0]);
}

TEST_CASE("HLG has white paper at three quarters of its signal", "[heif_colour]") {
    const auto shown = [](double signal) -> int {
        const auto level = static_cast<std::uint16_t>(std::lround(65535 * signal));
        return shown_in_srgb(std::vector<std::uint16_t>(3, level), {Light::hlg, Gamut::bt2020})[0];
    };
    CHECK(shown(0) == 0);
    CHECK(std::abs(shown(0.75) - 255) <= 1);
    CHECK(shown(1) == 255);
    // A grey card is at 38 % of the signal and then has 26 cd/m2 (BT.2408).
    CHECK(std::abs(shown(0.38) - 101) <= 2);
}
