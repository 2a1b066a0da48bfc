#include "metadata/photo_metadata.h"

#include <algorithm>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "metadata/rdf_splice.h"
#include "metadata/stated_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "photos/image_file.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// exiv2 0.27 has a number for "no image" and 0.28 a value of an enumeration.
#if EXIV2_MAJOR_VERSION == 0 && EXIV2_MINOR_VERSION < 28
constexpr int no_image_type = Exiv2::ImageType::none;
#else
constexpr auto no_image_type = Exiv2::ImageType::none;
#endif
constexpr std::size_t largest_sidecar = 16 << 20;

/// What exiv2 decoded, with what it passed over.
void take(const std::string& packet, Exiv2::XmpData xmp, PhotoMetadata& into) {
    try {
        add_stated_ratings(packet_in_utf8(packet), xmp);
        into.xmp = std::move(xmp);
    } catch (const Error& error) {
        into.unread = error.what();
    }
}

/// Decodes a packet, and notes what exiv2 would pass over in silence.
void decode(const std::string& packet, PhotoMetadata& into) {
    if (packet.find_first_not_of(std::string_view("\0 \t\r\n", 5)) == std::string::npos) return;
    Exiv2::XmpData xmp;
    try {
        if (Exiv2::XmpParser::decode(xmp, packet_in_utf8(packet)) != 0) {
            into.unread = "its XMP is damaged";
            return;
        }
    } catch (const std::exception& error) {  // exiv2 0.27 and 0.28 name their exception types differently
        into.unread = std::string("its XMP is damaged: ") + error.what();
        return;
    }
    take(packet, std::move(xmp), into);
    // Of a packet in a form that it does not know, the toolkit says that it holds nothing.
    std::string letters = packet;
    std::erase(letters, '\0');
    if (!into.xmp.empty() || into.unread) return;
    if (letters.find("RDF") == std::string::npos)
        into.unread = "is not XMP and should be";
    else if (letters.find("Rating") != std::string::npos)
        into.unread = "its XMP is of a form that cannot be read";
}

/// TIFF keeps its packet in a tag, and exiv2 does not say when it could not decode it.
std::string packet_in_tag(const Exiv2::ExifData& exif) {
    const auto found = exif.findKey(Exiv2::ExifKey("Exif.Image.XMLPacket"));
    if (found == exif.end()) return "";
    std::string bytes(static_cast<std::size_t>(found->value().size()), '\0');
    found->value().copy(reinterpret_cast<Exiv2::byte*>(bytes.data()), Exiv2::littleEndian);
    return bytes;
}

void read_by_exiv2(const fs::path& photo, PhotoMetadata& into) {
    // exiv2 would fetch what begins like an address; an absolute path does not.
    const auto image = Exiv2::ImageFactory::open(fs::absolute(photo).string());
    image->readMetadata();
    into.exif = image->exifData();
    const std::string packet = image->xmpPacket().empty() ? packet_in_tag(into.exif) : image->xmpPacket();
    if (image->xmpData().empty())
        decode(packet, into);
    else
        take(packet, image->xmpData(), into);
}

/// Adds what exiv2 did not find: it knows few of the ways in which HEIC tells where its metadata are.
void add_blocks(const fs::path& photo, PhotoMetadata& to) {
    const MetadataBlocks blocks = read_metadata_blocks(photo);
    if (to.exif.empty() && !blocks.exif.empty())
        Exiv2::ExifParser::decode(to.exif, reinterpret_cast<const Exiv2::byte*>(blocks.exif.data()),
                                  static_cast<std::uint32_t>(blocks.exif.size()));
    if (to.xmp.empty()) decode(blocks.xmp, to);
}

bool may_have_more(const fs::path& photo) {
    const auto format = image_format(photo);
    return format == ImageFormat::heif || format == ImageFormat::jxl || format == ImageFormat::gif;
}

template <typename Data, typename Key>
std::optional<std::string> text_of(const Data& data, const Key& key) {
    const auto found = data.findKey(key);
    if (found == data.end() || found->count() == 0) return std::nullopt;
    return found->toString();
}

}  // namespace

std::optional<std::string> PhotoMetadata::in_xmp(const char* key) const {
    return text_of(xmp, Exiv2::XmpKey(key));
}

std::optional<std::string> PhotoMetadata::in_exif(const char* key) const {
    return text_of(exif, Exiv2::ExifKey(key));
}

bool PhotoMetadata::has_marks_of_darktable() const {
    if (std::any_of(xmp.begin(), xmp.end(), [](const auto& each) { return each.groupName() == "darktable"; }))
        return true;
    const auto made_by = [](const std::optional<std::string>& program) {
        return program && program->starts_with("darktable");
    };
    return made_by(in_exif("Exif.Image.Software")) || made_by(in_xmp("Xmp.xmp.CreatorTool")) ||
           made_by(in_xmp("Xmp.tiff.Software"));
}

Error error_in(const fs::path& file, const std::string& reason) {
    return Error(ErrorCode::bad_data,
                 reason.starts_with(file.string()) ? reason : file.string() + ": " + reason);
}

PhotoMetadata metadata_inside(const fs::path& photo) {
    start_exiv2();
    PhotoMetadata found;
    std::string trouble;
    try {
        if (Exiv2::ImageFactory::getType(fs::absolute(photo).string()) != no_image_type)
            read_by_exiv2(photo, found);
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    try {
        if (may_have_more(photo) && !found.unread && (found.exif.empty() || found.xmp.empty())) {
            add_blocks(photo, found);
            trouble.clear();
        }
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) found.unread = "its metadata cannot be read: " + trouble;
    return found;
}

PhotoMetadata metadata_of_sidecar(const fs::path& sidecar) {
    start_exiv2();
    PhotoMetadata found;
    try {
        const auto bytes = read_whole_file(sidecar, largest_sidecar);
        decode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, found);
    } catch (const Error& error) {
        found.unread = error.what();
    }
    return found;
}

}  // namespace piaa::cli
