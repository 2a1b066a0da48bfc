#include "photos/image_format.h"

#include <algorithm>
#include <array>
#include <locale>
#include <string>

#include <boost/algorithm/string/case_conv.hpp>

#include <piaa/error.h>

#include "photos/file_bytes.h"

namespace piaa::cli {
namespace {

using namespace std::string_view_literals;

/// ISO base media files of still pictures; the brand follows the word "ftyp".
constexpr std::array heif_brands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv,
                                    "mif1"sv, "avif"sv, "avis"sv, "msf1"sv};

/// The starts of RAW files that no other format shares.
bool is_raw_start(std::string_view start) {
    for (const auto known :
         {"FUJIFILMCCD-RAW"sv, "IIRO"sv, "IIRS"sv, "MMOR"sv, "IIU\0"sv, "FOVb"sv, "\0MRM"sv})
        if (start.starts_with(known)) return true;
    if (start.size() >= 12 && start.substr(4, 8) == "ftypcrx ") return true;                   // Canon CR3
    return start.size() >= 14 && start.starts_with("II") && start.substr(6, 8) == "HEAPCCDR";  // Canon CRW
}

/// BMP starts with two letters only, so the size of its second header has to be a known one too.
bool is_bmp(std::string_view start) {
    if (!start.starts_with("BM") || start.size() < 18) return false;
    constexpr std::array header_sizes = {12, 40, 52, 56, 64, 108, 124};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(start[i]); };
    const int size = byte(14) | byte(15) << 8 | byte(16) << 16;
    for (const int known : header_sizes)
        if (size == known && byte(17) == 0) return true;
    return false;
}

}  // namespace

std::optional<ImageFormat> image_format(std::span<const std::byte> bytes) {
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (start.starts_with("\xff\xd8\xff")) return ImageFormat::jpeg;
    if (start.starts_with("\x89PNG\r\n\x1a\n")) return ImageFormat::png;
    if (start.starts_with("GIF87a") || start.starts_with("GIF89a")) return ImageFormat::gif;
    if (start.starts_with("RIFF") && start.substr(4).size() >= 8 && start.substr(8, 4) == "WEBP")
        return ImageFormat::webp;
    if (is_raw_start(start)) return ImageFormat::raw;
    if (start.starts_with("II*\0"sv) || start.starts_with("MM\0*"sv) || start.starts_with("II+\0"sv) ||
        start.starts_with("MM\0+"sv))
        return ImageFormat::tiff;
    if (start.size() >= 12 && start.substr(4, 4) == "ftyp")
        for (const auto brand : heif_brands)
            if (start.substr(8, 4) == brand) return ImageFormat::heif;
    // JPEG XL: a bare codestream, or one in boxes.
    if (start.starts_with("\xff\x0a") || start.starts_with("\0\0\0\x0cJXL \r\n\x87\n"sv))
        return ImageFormat::jxl;
    if (is_bmp(start)) return ImageFormat::bmp;
    return std::nullopt;
}

std::optional<ImageFormat> image_format(const boost::filesystem::path& file) {
    try {
        return image_format(std::span<const std::byte>(first_bytes(file, format_bytes)));
    } catch (const Error& error) {
        throw Error(error.code(), file.string() + ": " + error.what());
    }
}

std::string_view format_name(ImageFormat format) {
    switch (format) {
        case ImageFormat::jpeg:
            return "JPEG";
        case ImageFormat::png:
            return "PNG";
        case ImageFormat::webp:
            return "WebP";
        case ImageFormat::heif:
            return "HEIC or AVIF";
        case ImageFormat::tiff:
            return "TIFF";
        case ImageFormat::gif:
            return "GIF";
        case ImageFormat::bmp:
            return "BMP";
        case ImageFormat::raw:
            return "RAW";
        case ImageFormat::jxl:
            return "JPEG XL";
    }
    return "";
}

namespace {

/// RAW files behind the others.
constexpr std::array suffixes = {
    "jpg"sv,  "jpeg"sv, "jpe"sv, "jfif"sv, "png"sv, "webp"sv, "heic"sv, "heif"sv, "hif"sv, "avif"sv, "tif"sv,
    "tiff"sv, "gif"sv,  "bmp"sv, "jxl"sv,  "3fr"sv, "arw"sv,  "cr2"sv,  "cr3"sv,  "crw"sv, "dcr"sv,  "dng"sv,
    "erf"sv,  "fff"sv,  "gpr"sv, "iiq"sv,  "kdc"sv, "mef"sv,  "mos"sv,  "mrw"sv,  "nef"sv, "nrw"sv,  "orf"sv,
    "pef"sv,  "raf"sv,  "raw"sv, "rw2"sv,  "rwl"sv, "sr2"sv,  "srf"sv,  "srw"sv,  "x3f"sv};
constexpr std::size_t first_raw = 15;
static_assert(suffixes[first_raw] == "3fr");

bool has_suffix(const boost::filesystem::path& file, std::span<const std::string_view> known) {
    const auto suffix = boost::algorithm::to_lower_copy(file.extension().string(), std::locale::classic());
    return suffix.size() > 1 &&
           std::find(known.begin(), known.end(), std::string_view(suffix).substr(1)) != known.end();
}

}  // namespace

std::span<const std::string_view> image_suffixes() {
    return suffixes;
}

bool has_image_suffix(const boost::filesystem::path& file) {
    return has_suffix(file, suffixes);
}

bool has_raw_suffix(const boost::filesystem::path& file) {
    return has_suffix(file, image_suffixes().subspan(first_raw));
}

}  // namespace piaa::cli
