#include "metadata/embedded_xmp.h"

#include <cstdint>
#include <cstdlib>

#include <boost/crc.hpp>
#include <exiv2/exiv2.hpp>

#include <piaa/error.h>

#include "metadata/xmp_sidecar.h"

namespace piaa::cli {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view jpeg_start = "\xff\xd8\xff"sv;
constexpr std::string_view png_start = "\x89PNG\r\n\x1a\n"sv;
constexpr std::string_view jpeg_xmp = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr std::string_view jpeg_more_xmp = "http://ns.adobe.com/xmp/extension/\0"sv;
/// Keyword, no compression, no language, no translated keyword.
constexpr std::string_view png_keyword = "XML:com.adobe.xmp\0"sv;
constexpr std::string_view png_plain = "\0\0\0\0"sv;
constexpr std::string_view exif_start = "Exif\0\0"sv;
constexpr const char* credentials = "carries Content Credentials, which a change would make look forged";
constexpr std::size_t longest_segment = 65535;  // with the two bytes that say so

[[noreturn]] void refuse(const std::string& why) {
    throw CannotEmbed(why);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, int length) {
    std::uint32_t value = 0;
    for (int i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

std::string big_endian(std::uint32_t value, int length) {
    std::string bytes;
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 255);
    return bytes;
}

std::string chunk_of(std::string_view type, const std::string& data) {
    const std::string body = std::string(type) + data;
    boost::crc_32_type crc;
    crc.process_bytes(body.data(), body.size());
    return big_endian(static_cast<std::uint32_t>(data.size()), 4) + body + big_endian(crc.checksum(), 4);
}

/// Whether Exif says that something lies behind its own end, which new XMP would move: makers put previews
/// there.
bool points_outside(std::string_view exif) {
    start_exiv2();
    Exiv2::ExifData data;
    try {
        Exiv2::ExifParser::decode(data, reinterpret_cast<const Exiv2::byte*>(exif.data()),
                                  static_cast<std::uint32_t>(exif.size()));
    } catch (const std::exception&) {  // damaged Exif stays as it is, wherever it stands
        return false;
    }
    for (const auto& each : data) {
        const std::string name = each.tagName();
        const bool place =
            name == "JPEGInterchangeFormat" || name == "StripOffsets" ||
            ((name.find("Preview") != std::string::npos || name.find("Thumbnail") != std::string::npos ||
              name.find("Jpg") != std::string::npos) &&
             (name.ends_with("Start") || name.ends_with("Offset")));
        if (place && each.count() > 0 &&
            std::strtoll(each.toString().c_str(), nullptr, 10) >= static_cast<long long>(exif.size()))
            return true;
    }
    return false;
}

}  // namespace

std::string spliced(std::string_view bytes, const Splice& splice) {
    if (splice.at > bytes.size() || bytes.substr(splice.at, splice.removed.size()) != splice.removed)
        throw Error(ErrorCode::bad_data, "what was to be replaced is not there");
    std::string all;
    all.reserve(bytes.size() + splice.inserted.size());
    all += bytes.substr(0, splice.at);
    all += splice.inserted;
    all += bytes.substr(splice.at + splice.removed.size());
    return all;
}

EmbeddedXmp::EmbeddedXmp(std::string_view bytes) {
    jpeg_ = bytes.starts_with(jpeg_start);
    if (jpeg_)
        find_in_jpeg(bytes);
    else if (bytes.starts_with(png_start))
        find_in_png(bytes);
    else
        refuse("is neither JPEG nor PNG");
    // Credentials that are kept elsewhere are named here, and are of these bytes all the same.
    if (packet_ && packet_->find("http://purl.org/dc/terms/") != std::string::npos &&
        packet_->find(":provenance") != std::string::npos)
        refuse(credentials);
}

/// Segments from the start up to the first scan. New XMP goes behind JFIF and Exif, which want to be first.
void EmbeddedXmp::find_in_jpeg(std::string_view bytes) {
    constexpr unsigned start_of_scan = 0xda, app0 = 0xe0, app1 = 0xe1, app2 = 0xe2, app11 = 0xeb;
    at_ = 2;
    bool leading = true;
    for (std::size_t at = 2;;) {
        if (at + 4 > bytes.size() || bytes[at] != '\xff') refuse("is damaged before its first scan");
        const unsigned marker = number_at(bytes, at + 1, 1);
        if (marker == 0xff) {  // a fill byte
            ++at;
            continue;
        }
        if (marker == start_of_scan) return;
        const std::size_t length = number_at(bytes, at + 2, 2);
        if (length < 2 || at + 2 + length > bytes.size()) refuse("is damaged before its first scan");
        const std::string_view data = bytes.substr(at + 4, length - 2);
        if (marker == app1 && data.starts_with(jpeg_more_xmp)) refuse("has XMP in several parts");
        if (marker == app2 && data.starts_with("MPF\0"sv))
            refuse("holds several pictures and where they are");
        // JUMBF boxes, of which "c2pa" is the label; later parts of a long one have it in their first.
        if (marker == app11 && data.starts_with("JP") && data.find("c2pa") != std::string_view::npos)
            refuse(credentials);
        const bool exif = marker == app1 && data.starts_with("Exif\0"sv);
        if (exif && data.size() > exif_start.size() && points_outside(data.substr(exif_start.size())))
            refuse("says in its Exif where a preview lies in the file");
        if (marker == app1 && data.starts_with(jpeg_xmp)) {
            if (packet_) refuse("has XMP twice");
            at_ = at;
            removed_ = bytes.substr(at, length + 2);
            packet_ = data.substr(jpeg_xmp.size());
        }
        leading = leading && (marker == app0 || exif);
        at += length + 2;
        if (leading && !packet_) at_ = at;
    }
}

/// Chunks up to the end. New XMP goes behind the header, which has to be first.
void EmbeddedXmp::find_in_png(std::string_view bytes) {
    for (std::size_t at = png_start.size();;) {
        if (at + 12 > bytes.size()) refuse("is damaged");
        const std::size_t length = number_at(bytes, at, 4);
        if (length > bytes.size() - at - 12) refuse("is damaged");
        const std::string_view type = bytes.substr(at + 4, 4), data = bytes.substr(at + 8, length);
        const std::size_t next = at + 12 + length;
        if (type == "caBX") refuse(credentials);
        if (type == "IHDR") at_ = next;
        if (type == "IEND") break;
        if (type == "iTXt" && data.starts_with(png_keyword)) {
            if (packet_) refuse("has XMP twice");
            if (data.substr(png_keyword.size(), png_plain.size()) != png_plain) refuse("has XMP compressed");
            removed_ = bytes.substr(at, 12 + length);
            packet_ = data.substr(png_keyword.size() + png_plain.size());
            at_ = at;
        }
        at = next;
    }
    if (at_ == 0) refuse("is damaged");
}

Splice EmbeddedXmp::replaced_by(std::string_view packet) const {
    if (!jpeg_)
        return {at_, removed_,
                chunk_of("iTXt", std::string(png_keyword) + std::string(png_plain) + std::string(packet))};
    const std::size_t length = 2 + jpeg_xmp.size() + packet.size();
    if (length > longest_segment) refuse("has more XMP than JPEG can hold in one part");
    return {at_, removed_,
            "\xff\xe1" + big_endian(static_cast<std::uint32_t>(length), 2) + std::string(jpeg_xmp) +
                std::string(packet)};
}

}  // namespace piaa::cli
