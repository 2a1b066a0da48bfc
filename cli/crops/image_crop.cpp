#include "crops/image_crop.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/level.h>
#include <piaa/whole_file.h>

#include "metadata/crop_metadata.h"
#include "photos/image_file.h"
#include "photos/jxl_animation.h"
#include "photos/picture_colour.h"
#include "photos/raw_file.h"
#include "photos/vips_colour.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using vips::VImage;

VImage in_memory(const Image& image) {
    const auto pixels = image.pixels();
    // copy_memory() would not copy: to libvips the pixels are in memory already, and these go with `image`.
    return VImage(vips_image_new_from_memory_copy(pixels.data(), pixels.size(), image.width(), image.height(),
                                                  3, VIPS_FORMAT_UCHAR))
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

/// Numbers of a crop stand for the usual light, which is all that libvips' writers can say; what is said of
/// the photo stays.
VImage shown_as_usual(VImage image, PictureColour colour) {
    colour = colour_of(image, colour);
    if (colour.light == PictureColour::Light::usual && colour.gamut == PictureColour::Gamut::bt709)
        return image;
    image = image.copy_memory();
    const VImage shown = tone_mapped(image, colour);
    if (shown.get_image() == image.get_image()) return image;
    const std::unique_ptr<char*, void (*)(char**)> fields(vips_image_get_fields(image.get_image()),
                                                          g_strfreev);
    for (char** field = fields.get(); *field != nullptr; ++field) {
        const std::string_view name = *field;
        if (!name.starts_with("exif-") && name != VIPS_META_XMP_NAME && name != VIPS_META_IPTC_NAME) continue;
        GValue value = G_VALUE_INIT;
        if (vips_image_get(image.get_image(), *field, &value) != 0) continue;
        vips_image_set(shown.get_image(), *field, &value);
        g_value_unset(&value);
    }
    return shown;
}

/// All pixels as the file has them, upright, with its profile and metadata.
VImage upright(const fs::path& photo, ImageFormat format) {
    if (format == ImageFormat::bmp || format == ImageFormat::raw) return in_memory(read_full_image(photo));
    VImage image = VImage::new_from_file(
        photo.c_str(),
        VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_ERROR));
    if (format == ImageFormat::jxl)
        if (const auto frame = first_frame_of_animation(read_image_bytes(photo).span())) image = *frame;
    if (format != ImageFormat::heif && vips_image_get_orientation(image.get_image()) > 1)
        image = image.copy_memory().autorot();
    const bool says = format == ImageFormat::heif || format == ImageFormat::png;
    return shown_as_usual(image,
                          says ? picture_colour(format, read_image_bytes(photo).span()) : PictureColour());
}

/// The largest box of `size` inside the crop's aspect, pixel for pixel.
VImage brought_to(VImage crop, Size size) {
    const double across = static_cast<double>(size.width) / crop.width();
    const double down = static_cast<double>(size.height) / crop.height();
    // Transparent pixels have colours too, which must not bleed into their neighbours.
    const bool transparent = crop.has_alpha();
    const VipsBandFormat format = crop.format();
    if (transparent) crop = crop.premultiply();
    crop = crop.resize(across, VImage::option()->set("vscale", down));
    if (transparent) crop = crop.unpremultiply().cast(format);
    return crop.extract_area(0, 0, size.width, size.height);
}

/// A box of the frame that is turned clockwise by `angle` on the photo, in the photo's format.
VImage levelled_box(const VImage& photo, const PixelBox& box, double angle) {
    const Size frame = Levelling{angle, {photo.width(), photo.height()}}.frame();
    const double c = std::cos(angle * std::numbers::pi / 180), s = std::sin(angle * std::numbers::pi / 180);
    const double x = (photo.width() - 1) / 2.0, y = (photo.height() - 1) / 2.0;
    return photo.copy_memory()
        .affine({c, s, -s, c}, VImage::option()
                                   ->set("interpolate", vips::VInterpolate::new_from_name("lbb"))
                                   ->set("odx", (frame.width - 1) / 2.0 - (c * x + s * y))
                                   ->set("ody", (frame.height - 1) / 2.0 - (c * y - s * x))
                                   ->set("oarea", std::vector<int>{box.x, box.y, box.width, box.height})
                                   ->set("extend", VIPS_EXTEND_COPY))
        .cast(photo.format());
}

/// Options of libvips' writer for a suffix.
std::string quality(std::string suffix) {
    std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (suffix == ".jpg" || suffix == ".jpeg") return "[Q=95,optimize-coding]";
    if (suffix == ".webp") return "[Q=92]";
    return "";
}

/// Takes away what speaks of the whole photo and not of a crop of it.
void leave_the_whole(VImage& crop, const CropPlace& place) {
    for (const char* field : {"jpeg-thumbnail-data", "exif-ifd2-SubjectArea", "exif-ifd2-SubjectLocation"})
        if (crop.get_typeof(field) != 0) crop.remove(field);
    if (crop.get_typeof(VIPS_META_XMP_NAME) == 0) return;
    std::size_t length = 0;
    const auto* data = static_cast<const char*>(crop.get_blob(VIPS_META_XMP_NAME, &length));
    const auto kept = xmp_of_crop({data, length}, place);
    crop.remove(VIPS_META_XMP_NAME);
    if (kept) vips_image_set_blob_copy(crop.get_image(), VIPS_META_XMP_NAME, kept->data(), kept->size());
}

/// In memory, so that what appears on disk is whole and a full disk says so.
std::string encoded_as(const VImage& crop, const std::string& suffix) {
    void* bytes = nullptr;
    std::size_t length = 0;
    crop.write_to_buffer((suffix + quality(suffix)).c_str(), &bytes, &length);
    std::string all(static_cast<const char*>(bytes), length);
    g_free(bytes);
    return all;
}

/// Runs work on a photo, naming it in whatever goes wrong.
template <typename Work>
auto naming(const fs::path& photo, Work work) {
    try {
        return work();
    } catch (const vips::VError& error) {
        vips_error_clear();
        const std::string reason = error.what();
        throw Error(ErrorCode::bad_image, photo.string() + ": " + reason.substr(0, reason.find('\n')));
    }
}

}  // namespace

void write_crop(const fs::path& photo, const PixelBox& box, std::optional<Size> size, const fs::path& to,
                double angle) {
    const std::string bytes = naming(photo, [&] {
        const ImageFormat format = read_header(photo).format;  // starts libvips and refuses what is no photo
        const VImage whole = upright(photo, format);
        VImage crop = (angle == 0 ? whole.extract_area(box.x, box.y, box.width, box.height)
                                  : levelled_box(whole, box, angle))
                          .copy_memory();
        if (size && (size->width != box.width || size->height != box.height)) crop = brought_to(crop, *size);
        const bool told = format != ImageFormat::bmp && format != ImageFormat::raw;
        const int orientation = told ? read_orientation(photo) : 1;
        const Size seen{whole.width(), whole.height()};
        leave_the_whole(crop, {.stored = orientation >= 5 ? Size{seen.height, seen.width} : seen,
                               .orientation = orientation,
                               .upright = normalized(box, Levelling{angle, seen}.frame()),
                               .pixels = {crop.width(), crop.height()},
                               .angle = angle});
        std::string encoded = encoded_as(crop, to.extension().string());
        const bool left_behind = format == ImageFormat::tiff || format == ImageFormat::raw;
        return left_behind ? with_metadata(photo, std::move(encoded)) : encoded;
    });
    write_whole_file(to, std::as_bytes(std::span(bytes)));
}

int read_orientation(const fs::path& photo) {
    const ImageFormat format = read_header(photo).format;
    if (format == ImageFormat::bmp) return 1;
    if (format ==
        ImageFormat::raw) {  // libvips reads some of them as the TIFF they begin with, and the others not
        const FileBytes bytes = read_image_bytes(photo);
        return RawFile::open(bytes.span()).value().orientation();
    }
    return naming(
        photo, [&] { return vips_image_get_orientation(VImage::new_from_file(photo.c_str()).get_image()); });
}

std::string crop_suffix(const fs::path& photo) {
    switch (read_header(photo).format) {
        case ImageFormat::jpeg:
        case ImageFormat::heif:
        case ImageFormat::jxl:
        case ImageFormat::raw:
            return ".jpg";
        case ImageFormat::webp:
            return ".webp";
        case ImageFormat::tiff:
            return ".tif";
        case ImageFormat::png:
        case ImageFormat::gif:
        case ImageFormat::bmp:
            break;
    }
    return ".png";
}

PixelBox smart_crop(const fs::path& photo, double share, SmartCrop interest) {
    return naming(photo, [&]() -> PixelBox {
        const VImage image = in_memory(read_full_image(photo));
        const int width = std::max(1, static_cast<int>(std::lround(share * image.width())));
        const int height = std::max(1, static_cast<int>(std::lround(share * image.height())));
        const VImage crop =
            image.smartcrop(width, height,
                            VImage::option()->set("interesting", interest == SmartCrop::attention
                                                                     ? VIPS_INTERESTING_ATTENTION
                                                                     : VIPS_INTERESTING_ENTROPY));
        return {-crop.xoffset(), -crop.yoffset(), width, height};
    });
}

}  // namespace piaa::cli
