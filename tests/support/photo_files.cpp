#include "support/photo_files.h"

#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <vips/vips8>

#include <boost/filesystem/fstream.hpp>

namespace piaa::test {
namespace fs = boost::filesystem;
using vips::VImage;

namespace {

VImage to_vips(const Image& image) {
    const auto pixels = image.pixels();
    return VImage::new_from_memory(const_cast<std::uint8_t*>(pixels.data()), pixels.size(), image.width(),
                                   image.height(), 3, VIPS_FORMAT_UCHAR)
        .copy_memory()
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

VImage in_space(VImage image, const std::string& space) {
    if (space == "b-w") return image.colourspace(VIPS_INTERPRETATION_B_W);
    if (space == "cmyk") return image.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
    if (space == "p3") return image.icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
    if (space == "rgb16") return image.colourspace(VIPS_INTERPRETATION_RGB16);
    if (space == "grey16") return image.colourspace(VIPS_INTERPRETATION_GREY16);
    if (space == "scrgb") return image.colourspace(VIPS_INTERPRETATION_scRGB);
    return image;
}

/// Stores the pixels as a camera would that was held like this.
VImage stored(VImage image, int orientation) {
    switch (orientation) {
        case 2:
            image = image.fliphor();
            break;
        case 3:
            image = image.rot180();
            break;
        case 4:
            image = image.flipver();
            break;
        case 5:
            image = image.rot90().fliphor();
            break;
        case 6:
            image = image.rot270();
            break;
        case 7:
            image = image.rot270().fliphor();
            break;
        case 8:
            image = image.rot90();
            break;
        default:
            return image;
    }
    image = image.copy();
    image.set("orientation", orientation);
    return image;
}

std::string little_endian(unsigned value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value);
    return text;
}

}  // namespace

fs::path write_photo(const Image& image, const fs::path& stem, const FileKind& kind) {
    VIPS_INIT("tests");
    VImage picture = stored(in_space(to_vips(image), kind.space), kind.orientation);
    if (kind.alpha >= 0)
        picture =
            picture.bandjoin_const({kind.alpha * (picture.format() == VIPS_FORMAT_USHORT ? 257.0 : 1.0)});
    picture.write_to_file((stem.string() + kind.suffix).c_str());
    return stem.string() + kind.suffix.substr(0, kind.suffix.find('['));
}

void write_animation(const std::vector<Image>& frames, const fs::path& file) {
    VIPS_INIT("tests");
    std::vector<VImage> pages;
    for (const auto& frame : frames) pages.push_back(to_vips(frame));
    VImage strip = VImage::arrayjoin(pages, VImage::option()->set("across", 1)).copy();
    strip.set("page-height", frames.front().height());
    strip.write_to_file(file.c_str());
}

void write_bytes(const fs::path& file, const std::string& bytes) {
    fs::ofstream(file, std::ios::binary) << bytes;
}

std::string read_bytes(const fs::path& file) {
    fs::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string png_header(Size size) {
    std::string header = "IHDR";
    for (const int side : {size.width, size.height})
        for (int shift = 24; shift >= 0; shift -= 8) header += static_cast<char>(side >> shift);
    header += std::string("\x08\x02\0\0\0", 5);
    unsigned crc = ~0U;
    for (const char byte : header) {
        crc ^= static_cast<unsigned char>(byte);
        for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320U : 0);
    }
    crc = ~crc;
    std::string file = std::string("\x89PNG\r\n\x1a\n\0\0\0\r", 12) + header;
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(crc >> shift);
    // The start of the pixels, so that a reader does not stop for want of them.
    return file + std::string("\0\0\x10\0IDAT\x78\x9c", 10);
}

std::string bmp_bytes(const Image& image, int bits) {
    const auto colours = bits <= 8 ? 1U << bits : 0U;
    const std::size_t stride = (static_cast<std::size_t>(image.width()) * bits + 31) / 32 * 4;
    const auto pixels_at = static_cast<unsigned>(54 + 4 * colours);
    std::string file = "BM" + little_endian(static_cast<unsigned>(pixels_at + stride * image.height()), 4) +
                       little_endian(0, 4) + little_endian(pixels_at, 4) + little_endian(40, 4) +
                       little_endian(image.width(), 4) + little_endian(image.height(), 4) +
                       little_endian(1, 2) + little_endian(bits, 2) + little_endian(0, 4 * 4) +
                       little_endian(colours, 4) + little_endian(0, 4);
    for (unsigned i = 0; i < colours; ++i) {
        const unsigned grey = i * 255 / (colours - 1);
        file += little_endian(grey << 16 | grey << 8 | grey, 4);
    }
    for (int y = image.height() - 1; y >= 0; --y) {
        std::string row(stride, '\0');
        for (int x = 0; x < image.width(); ++x) {
            const auto* pixel = image.at(x, y);
            const unsigned colour =
                bits == 16 ? unsigned(pixel[0] >> 3) << 10 | unsigned(pixel[1] >> 3) << 5 | pixel[2] >> 3
                           : unsigned(pixel[0]) << 16 | unsigned(pixel[1]) << 8 | pixel[2];
            const std::size_t bit = static_cast<std::size_t>(x) * bits;
            if (bits <= 8)
                row[bit / 8] |=
                    static_cast<char>((pixel[1] * (colours - 1) + 127) / 255 << (8 - bits - bit % 8));
            else
                row.replace(bit / 8, bits / 8, little_endian(colour, bits / 8));
        }
        file += row;
    }
    return file;
}

double mean_difference(const Image& a, const Image& b) {
    if (!(a.size() == b.size())) throw std::invalid_argument("pictures to compare differ in size");
    double sum = 0;
    const auto left = a.pixels(), right = b.pixels();
    for (std::size_t i = 0; i < left.size(); ++i) sum += std::abs(int(left[i]) - int(right[i]));
    return sum / static_cast<double>(left.size());
}

}  // namespace piaa::test
