#include "photos/image_png.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vips/vips8>

#include <piaa/error.h>
#include <piaa/whole_file.h>

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using vips::VImage;

/// The same pixels for libvips, without a copy; must not outlive the image.
VImage to_vips(const Image& image) {
    const auto pixels = image.pixels();
    return VImage::new_from_memory(const_cast<std::uint8_t*>(pixels.data()), pixels.size(), image.width(),
                                   image.height(), 3, VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

/// What libvips says of a failure, in one line.
std::string first_line(const vips::VError& error) {
    vips_error_clear();
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

}  // namespace

void write_png(const Image& image, const fs::path& file) try {
    if (vips_init("piaa-batch") != 0) throw vips::VError();
    const std::unique_ptr<VipsBlob, void (*)(VipsBlob*)> png(
        to_vips(image).pngsave_buffer(VImage::option()->set("compression", 6)->set("strip", true)),
        [](VipsBlob* used) { vips_area_unref(VIPS_AREA(used)); });
    std::size_t length = 0;
    const void* const bytes = vips_blob_get(png.get(), &length);
    write_whole_file(file, {static_cast<const std::byte*>(bytes), length});
} catch (const vips::VError& error) {
    throw Error(ErrorCode::io, file.string() + ": cannot be written: " + first_line(error));
}

Image text_image(const std::string& text, int line_height) try {
    if (vips_init("piaa-batch") != 0) throw vips::VError();
    // A font of n points is n pixels high at 72 dots an inch; lines are some four thirds of that.
    const std::string font = "sans " + std::to_string(std::max(4, line_height * 3 / 4));
    const VImage letters =
        VImage::text(text.c_str(), VImage::option()->set("font", font.c_str())->set("dpi", 72)).invert();
    const VImage colours = VImage::bandjoin(std::vector<VImage>(3, letters));
    std::size_t length = 0;
    const std::unique_ptr<void, void (*)(void*)> memory(colours.write_to_memory(&length), g_free);
    const auto* bytes = static_cast<const std::uint8_t*>(memory.get());
    return {{colours.width(), colours.height()}, {bytes, bytes + length}};
} catch (const vips::VError& error) {
    throw Error(ErrorCode::io, "text cannot be drawn: " + first_line(error));
}

}  // namespace piaa::cli
