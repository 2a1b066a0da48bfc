#include "photos/image_file.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vips/vips8>

#include <piaa/error.h>

#include "limits/memory_gate.h"
#include "photos/bmp_file.h"
#include "photos/gif_metadata.h"
#include "photos/jxl_animation.h"
#include "photos/jxl_metadata.h"
#include "photos/picture_colour.h"
#include "photos/raw_file.h"
#include "photos/vips_colour.h"
#include "photos/vips_jpeg.h"

namespace piaa::cli {
namespace {

using vips::VImage;
using vips::VOption;

/// What all decoders at work may take together.
MemoryGate& decoding_gate() {
    static MemoryGate gate(192'000'000);
    return gate;
}

/// Starts libvips on first need, with nothing but the loaders of our formats: whatever a file claims to be,
/// no SVG, PDF or ImageMagick code runs on it.
void start_vips() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (vips_init("piaa-batch") != 0)
            throw Error(ErrorCode::io, std::string("libvips cannot start: ") + vips_error_buffer());
        vips_concurrency_set(1);  // the pipeline has a worker a core already
        vips_cache_set_max(0);
        vips_operation_block_set("VipsForeignLoad", TRUE);
        for (const char* loader :
             {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif",
              "VipsForeignLoadTiff", "VipsForeignLoadNsgif", "VipsForeignLoadJxl"})
            vips_operation_block_set(loader, FALSE);
        // What matters arrives as an exception; libvips' own warnings would tear the table on the terminal.
        g_log_set_handler(
            "VIPS", G_LOG_LEVEL_WARNING, [](auto...) {}, nullptr);
    });
}

/// The bytes for libvips, without a copy; must not outlive them.
VipsBlob* blob_of(const FileBytes& file) {
    const auto bytes = file.span();
    return vips_blob_new(nullptr, bytes.data(), bytes.size());
}

/// Opens the picture; pixels are decoded when they are asked for, from top to bottom.
VImage open(ImageFormat format, const FileBytes& file, VOption* options = VImage::option()) {
    options->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_ERROR);
    const std::unique_ptr<VipsBlob, void (*)(VipsBlob*)> blob(
        blob_of(file), [](VipsBlob* used) { vips_area_unref(VIPS_AREA(used)); });
    switch (format) {
        case ImageFormat::jpeg:
            return VImage::jpegload_buffer(blob.get(), options);
        case ImageFormat::png:
            return VImage::pngload_buffer(blob.get(), options);
        case ImageFormat::webp:
            return VImage::webpload_buffer(blob.get(), options);
        case ImageFormat::heif:
            return VImage::heifload_buffer(blob.get(), options);
        case ImageFormat::tiff:
            return VImage::tiffload_buffer(blob.get(), options);
        case ImageFormat::gif:
            return VImage::gifload_buffer(blob.get(), options);
        case ImageFormat::jxl:
            return VImage::jxlload_buffer(blob.get(), options);
        case ImageFormat::bmp:
        case ImageFormat::raw:
            break;
    }
    throw Error(ErrorCode::bad_image, "BMP and RAW are not read through libvips");
}

bool lies_on_its_side(const VImage& image) {
    return vips_image_get_orientation_swap(image.get_image()) != 0;
}

Size turned(Size size) {
    return {size.height, size.width};
}

/// Refuses a picture that would need too much memory, by what its header says.
void check_size(Size size) {
    if (static_cast<std::size_t>(size.width) * size.height > most_pixels)
        throw Error(ErrorCode::bad_image, "image of " + std::to_string(size.width) + "x" +
                                              std::to_string(size.height) +
                                              " pixels is refused; it should have at most " +
                                              std::to_string(most_pixels / 1'000'000) + " million");
}

/// Bytes that decoding may take at its peak: a baseline JPEG streams, most others are held as a whole.
std::size_t decoding_memory(ImageFormat format, const VImage& image) {
    const std::size_t pixels = static_cast<std::size_t>(image.width()) * image.height();
    if (format == ImageFormat::jpeg) {
        const bool progressive =
            image.get_typeof("jpeg-multiscan") != 0 && image.get_int("jpeg-multiscan") != 0;
        return progressive ? pixels * 6 : pixels / 16;
    }
    if (format == ImageFormat::heif) return pixels * 8;
    if (format == ImageFormat::jxl) return pixels * 16;  // floats, in all channels
    return VIPS_IMAGE_SIZEOF_IMAGE(image.get_image());
}

/// The largest whole factor that keeps both sides at or above `smallest`.
int shrink_factor(Size from, Size smallest) {
    return std::max(
        1, std::min(from.width / std::max(1, smallest.width), from.height / std::max(1, smallest.height)));
}

/// Opens the picture again at a reduced size, where its format can do that.
VImage open_shrunk(ImageFormat format, const FileBytes& file, VImage full, Size smallest) {
    const int factor = shrink_factor({full.width(), full.height()}, smallest);
    if (format == ImageFormat::jpeg && factor >= 2)
        return open(format, file, VImage::option()->set("shrink", factor >= 8 ? 8 : factor >= 4 ? 4 : 2));
    if (format == ImageFormat::webp && factor >= 2)
        return open(format, file, VImage::option()->set("scale", 1.0 / factor));
    return full;
}

/// A progressive JPEG at an eighth from the few scans that this takes; nothing where it takes the whole file.
std::optional<VImage> from_few_scans(const FileBytes& file, const VImage& full, Size smallest) {
    if (shrink_factor({full.width(), full.height()}, smallest) < 8) return std::nullopt;
    ProgressiveReading reading;
    if (!file.whole()) reading.go_on(file.span());
    const auto jpeg = file.whole() ? eighth_of_progressive(file.span()) : reading.eighth();
    if (!jpeg) return std::nullopt;
    const MemoryGate::Pass pass(decoding_gate(), decoding_memory(*jpeg) + file.span().size());
    const auto pixels = decode_eighth(*jpeg);
    if (!pixels) return std::nullopt;
    return loaded(*pixels, full);
}

/// Of a file that was cut off, this is not what its last bytes are.
bool is_end_of_jpeg(std::span<const std::byte> end) {
    return end.size() == 2 && end[0] == std::byte{0xFF} && end[1] == std::byte{0xD9};
}

/// Averages whole blocks of pixels; what remains above the size asked for is less than a factor of 2.
VImage averaged(VImage image, Size smallest) {
    const int factor = shrink_factor({image.width(), image.height()}, smallest);
    return factor >= 2 ? image.shrink(factor, factor) : image;
}

Image to_image(VImage vips_image) {
    std::size_t length = 0;
    const std::unique_ptr<void, void (*)(void*)> memory(vips_image.write_to_memory(&length), g_free);
    const auto* bytes = static_cast<const std::uint8_t*>(memory.get());
    return {{vips_image.width(), vips_image.height()}, {bytes, bytes + length}};
}

ImageFormat format_of(const FileBytes& file) {
    const auto bytes = file.span();
    if (bytes.empty()) throw Error(ErrorCode::bad_image, "is empty and should be an image");
    const auto format = image_format(bytes.first(std::min(bytes.size(), format_bytes)));
    if (!format)
        throw Error(ErrorCode::bad_image,
                    "is not an image that can be read; it should be JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, "
                    "TIFF, GIF, BMP or RAW");
    return *format;
}

DecodedPhoto decode_bmp(const FileBytes& file, const SmallestSize& smallest) {
    const Size size = bmp_size(file.span());
    check_size(size);
    const MemoryGate::Pass pass(decoding_gate(), static_cast<std::size_t>(size.width) * size.height * 3);
    Image image = read_bmp(file.span());
    const int factor = shrink_factor(size, smallest(size));
    if (factor >= 2) image = resized(image, {size.width / factor, size.height / factor});
    return {std::move(image), size};
}

/// Nothing where the file was not read far enough for that.
std::optional<DecodedPhoto> decode(ImageFormat format, const FileBytes& file, const SmallestSize& smallest) {
    start_vips();
    VImage image = open(format, file);
    const Size stored{image.width(), image.height()};
    check_size(stored);
    const bool sideways = lies_on_its_side(image);
    const Size photo = sideways ? turned(stored) : stored;
    const Size wanted = smallest(photo);
    const Size stored_wanted = sideways ? turned(wanted) : wanted;

    const auto few_scans =
        format == ImageFormat::jpeg ? from_few_scans(file, image, stored_wanted) : std::nullopt;
    if (!few_scans && !file.whole()) return std::nullopt;
    std::optional<MemoryGate::Pass> pass;
    if (!few_scans) pass.emplace(decoding_gate(), decoding_memory(format, image) + file.span().size());
    image = few_scans ? *few_scans : open_shrunk(format, file, image, stored_wanted);
    if (format == ImageFormat::jxl) image = first_frame_of_animation(file.span()).value_or(image);
    if (format == ImageFormat::tiff) image = with_usual_numbers(image);
    image = averaged(without_transparency(image), stored_wanted);
    // Small from here on: turning needs its pixels at random, and colour costs by the pixel.
    image = image.copy_memory();
    image = in_srgb(tone_mapped(image.autorot(), picture_colour(format, file.span())));
    DecodedPhoto decoded{to_image(image), photo};
    // What libvips only warned of would stand before the reason why another file cannot be read.
    if (*vips_error_buffer() != '\0') vips_error_clear();
    return decoded;
}

/// The RAW picture in the file, where it is one; TIFF is asked too, because many RAW formats begin like it.
std::optional<RawFile> raw_in(ImageFormat format, const FileBytes& file) {
    if (format != ImageFormat::raw && format != ImageFormat::tiff) return std::nullopt;
    auto raw = RawFile::open(file.span());
    if (!raw && format == ImageFormat::raw)
        throw Error(ErrorCode::bad_image, "is damaged, or a RAW file of a camera that is not known");
    return raw;
}

/// The camera's own preview as the photo, turned as the RAW file says.
DecodedPhoto decode_preview(const RawFile::Preview& preview, Size photo, const SmallestSize& smallest) {
    start_vips();
    const VImage whole = VImage::new_from_buffer(
        preview.jpeg.data(), preview.jpeg.size(), "",
        VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_ERROR));
    const bool turns_itself =
        whole.get_typeof(VIPS_META_ORIENTATION) != 0 && whole.get_int(VIPS_META_ORIENTATION) != 1;
    const Size wanted = smallest(photo);
    const bool sideways = turns_itself ? lies_on_its_side(whole) : preview.quarter_turns % 2 == 1;
    VImage image = in_srgb(averaged(whole, sideways ? turned(wanted) : wanted).copy_memory());
    if (turns_itself)
        image = image.autorot();
    else if (preview.quarter_turns > 0)
        image = image.rot(static_cast<VipsAngle>(preview.quarter_turns));
    return {to_image(image), photo};
}

DecodedPhoto decode_raw(RawFile& raw, const SmallestSize& smallest) {
    const Size photo = raw.size();
    check_size(photo);
    const Size wanted = smallest(photo);
    const MemoryGate::Pass pass(decoding_gate(), static_cast<std::size_t>(photo.width) * photo.height * 6);
    if (const auto preview = raw.preview()) {
        const auto is_wide = [](const Size& size) { return size.width >= size.height; };
        const Size shown = is_wide(photo) == is_wide(preview->size) ? preview->size : turned(preview->size);
        if (shown.width >= wanted.width && shown.height >= wanted.height) {
            try {
                return decode_preview(*preview, photo, smallest);
            } catch (const vips::VError&) {  // a damaged preview: the sensor's pixels are still there
                vips_error_clear();
            }
        }
    }
    Image image = raw.develop(wanted);
    const int factor = shrink_factor(image.size(), wanted);
    if (factor >= 2) image = resized(image, {image.width() / factor, image.height() / factor});
    return {std::move(image), photo};
}

/// libvips' words in one line: it reports several, and repeats itself.
std::string first_line(const std::string& text) {
    const auto start = text.find_first_not_of(" \n");
    return start == text.npos ? "no reason given" : text.substr(start, text.find('\n', start) - start);
}

/// libvips knows what some files are and has no way to read them. "samples out of range": floats of 64 bits.
const char* trouble_of(const std::string& reason) {
    for (const char* words : {"unsupported", "not supported", "samples out of range", "unimplemented"})
        if (reason.find(words) != std::string::npos) return ": is of a kind that is not read: ";
    return ": is damaged or truncated: ";
}

/// Runs the work on a file and puts the file's name before whatever goes wrong.
template <typename Work>
auto naming(const boost::filesystem::path& file, Work work) {
    try {
        return work();
    } catch (const vips::VError& error) {
        vips_error_clear();
        const std::string reason = first_line(error.what());
        throw Error(ErrorCode::bad_image, file.string() + trouble_of(reason) + reason);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::bad_image, file.string() + ": needs more memory than there is");
    } catch (const Error& error) {
        throw Error(error.code(), file.string() + ": " + error.what());
    }
}

}  // namespace

void limit_decoding_memory(std::size_t bytes, bool strict) {
    decoding_gate().set_budget(bytes, strict);
}

ImageHeader read_header(const boost::filesystem::path& file) {
    return naming(file, [&]() -> ImageHeader {
        const FileBytes bytes(file);
        const ImageFormat format = format_of(bytes);
        if (format == ImageFormat::bmp) return {format, bmp_size(bytes.span())};
        if (const auto raw = raw_in(format, bytes)) return {ImageFormat::raw, raw->size()};
        start_vips();
        const VImage image = open(format, bytes);
        const Size stored{image.width(), image.height()};
        return {format, lies_on_its_side(image) ? turned(stored) : stored};
    });
}

FileBytes read_image_bytes(const boost::filesystem::path& file) {
    return naming(file, [&] { return FileBytes(file); });
}

FileBytes read_image_bytes(const boost::filesystem::path& file, const SmallestSize& smallest) {
    ProgressiveReading reading;
    const auto goal = [&](std::span<const std::byte> start, std::span<const std::byte> end) {
        reading.go_on(start);
        const Size photo{reading.width(), reading.height()};
        if (reading.gave_up() || photo.width == 0 || shrink_factor(photo, smallest(photo)) < 8 ||
            !is_end_of_jpeg(end))
            return FarEnough::all;
        return reading.eighth() ? FarEnough::yes : FarEnough::not_yet;
    };
    return naming(file, [&] { return FileBytes(file, goal); });
}

DecodedPhoto read_image(const boost::filesystem::path& file, const SmallestSize& smallest) {
    return decode_image(read_image_bytes(file, smallest), file, smallest);
}

DecodedPhoto decode_image(const FileBytes& bytes, const boost::filesystem::path& file,
                          const SmallestSize& smallest) {
    auto photo = naming(file, [&]() -> std::optional<DecodedPhoto> {
        const ImageFormat format = format_of(bytes);
        if (format == ImageFormat::bmp) return decode_bmp(bytes, smallest);
        if (auto raw = raw_in(format, bytes)) return decode_raw(*raw, smallest);
        return decode(format, bytes, smallest);
    });
    return photo ? std::move(*photo) : decode_image(read_image_bytes(file), file, smallest);
}

MetadataBlocks read_metadata_blocks(const boost::filesystem::path& file) {
    return naming(file, [&]() -> MetadataBlocks {
        const FileBytes bytes(file);
        const ImageFormat format = format_of(bytes);
        if (format == ImageFormat::jxl) return metadata_in_jxl(bytes.span());
        if (format == ImageFormat::gif) return {"", xmp_in_gif(bytes.span())};
        if (format != ImageFormat::heif) return {};
        start_vips();
        const VImage image = open(format, bytes);
        const auto block = [&](const char* name) -> std::string {
            if (image.get_typeof(name) == 0) return "";
            std::size_t length = 0;
            const auto* data = static_cast<const char*>(image.get_blob(name, &length));
            return {data, length};
        };
        std::string exif = block(VIPS_META_EXIF_NAME);
        if (exif.starts_with(std::string("Exif\0\0", 6))) exif.erase(0, 6);
        std::string xmp = block(VIPS_META_XMP_NAME);
        // libvips gives the parts of HEIC that have a media type numbers of their own.
        const std::unique_ptr<char*, void (*)(char**)> fields(vips_image_get_fields(image.get_image()),
                                                              g_strfreev);
        for (char** field = fields.get(); *field != nullptr && xmp.empty(); ++field)
            if (std::string_view(*field).starts_with("heif-mime-"))
                if (std::string part = block(*field); part.find("<rdf:RDF") != std::string::npos)
                    xmp = std::move(part);
        return {std::move(exif), std::move(xmp)};
    });
}

Image read_full_image(const boost::filesystem::path& file) {
    return read_image(file, [](Size photo) { return photo; }).image;
}

std::string encode_jpeg(const Image& image, int quality) try {
    start_vips();
    const auto pixels = image.pixels();
    const VImage picture = VImage::new_from_memory(const_cast<std::uint8_t*>(pixels.data()), pixels.size(),
                                                   image.width(), image.height(), 3, VIPS_FORMAT_UCHAR)
                               .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
    const std::unique_ptr<VipsBlob, void (*)(VipsBlob*)> jpeg(
        picture.jpegsave_buffer(VImage::option()->set("Q", quality)->set("strip", true)),
        [](VipsBlob* used) { vips_area_unref(VIPS_AREA(used)); });
    std::size_t length = 0;
    const auto* bytes = static_cast<const char*>(vips_blob_get(jpeg.get(), &length));
    return {bytes, length};
} catch (const vips::VError& error) {
    vips_error_clear();
    throw Error(ErrorCode::bad_image, std::string("picture cannot be encoded: ") + first_line(error.what()));
}

}  // namespace piaa::cli
