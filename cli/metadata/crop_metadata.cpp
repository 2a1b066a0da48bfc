#include "metadata/crop_metadata.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/filesystem/operations.hpp>
#include <exiv2/exiv2.hpp>

#include "metadata/crop_regions.h"
#include "metadata/rdf_splice.h"
#include "metadata/rdf_statements.h"
#include "metadata/xmp_descriptions.h"
#include "metadata/xmp_sidecar.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using namespace std::string_view_literals;

/// Of the first directory of a TIFF file or a RAW file like it, what tells of the picture and not of how its
/// pixels are stored.
constexpr std::array descriptive{"ImageDescription"sv, "Make"sv,      "Model"sv,       "Software"sv,
                                 "DateTime"sv,         "Artist"sv,    "Rating"sv,      "RatingPercent"sv,
                                 "Copyright"sv,        "XPTitle"sv,   "XPComment"sv,   "XPAuthor"sv,
                                 "XPKeywords"sv,       "XPSubject"sv, "HostComputer"sv};
/// Of the Exif directory: a maker's note points to places in its own file.
constexpr std::array of_these_pixels{"MakerNote"sv,           "PixelXDimension"sv, "PixelYDimension"sv,
                                     "InteroperabilityTag"sv, "ColorSpace"sv,      "SubjectArea"sv,
                                     "SubjectLocation"sv};

template <typename List>
bool contains(const List& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool tells_of_the_photo(const Exiv2::Exifdatum& datum) {
    const std::string group = datum.groupName();
    if (group == "Image") return contains(descriptive, datum.tagName());
    if (group == "Photo") return !contains(of_these_pixels, datum.tagName());
    return group == "GPSInfo";
}

/// Of these XMP namespaces all speaks of the whole picture or of other parts of its file: settings of RAW
/// developers, regions, spheres, videos, depth and gain maps. Told by their addresses, because a file may
/// choose any prefix.
constexpr std::array of_the_whole{
    "http://ns.adobe.com/camera-raw-"sv,    "http://darktable.sf.net/"sv,
    "http://ns.adobe.com/hdr-"sv,           "http://ns.google.com/photos/"sv,
    "http://ns.google.com/videos/"sv,       "http://ns.apple.com/HDRGainMap/"sv,
    "http://ns.apple.com/pixeldatainfo/"sv, "http://ns.apple.com/depthData/"sv,
    "http://ns.apple.com/faceinfo/"sv,      "http://www.metadataworkinggroup.com/schemas/regions/"sv,
    "http://ns.microsoft.com/photo/1.2/"sv, "http://ns.acdsee.com/regions/"sv,
    "http://ns.adobe.com/tiff/"sv,          "http://ns.adobe.com/exif/1.0/"sv};
/// The same of single properties in namespaces that speak of more.
constexpr std::array parts_of_the_whole{
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/ ImageRegion"sv, "http://ns.adobe.com/xap/1.0/ Thumbnails"sv,
    "http://purl.org/dc/terms/ provenance"sv, "http://ns.adobe.com/photoshop/1.0/ DocumentAncestors"sv};

/// property: "namespace local".
bool tells_of_the_photo(const std::string& property) {
    return !contains(parts_of_the_whole, property) &&
           std::none_of(of_the_whole.begin(), of_the_whole.end(),
                        [&](std::string_view start) { return property.starts_with(start); });
}

Exiv2::XmpData told_of_the_photo(const Exiv2::XmpData& all) {
    Exiv2::XmpData kept;
    for (const auto& datum : all)
        if (tells_of_the_photo(property_of(Exiv2::XmpKey(datum.key())))) kept.add(datum);
    return kept;
}

auto opened(const fs::path& file) {
    // exiv2 would fetch what begins like an address; an absolute path does not.
    auto image = Exiv2::ImageFactory::open(fs::absolute(file).string());
    image->readMetadata();
    return image;
}

}  // namespace

std::string with_metadata(const fs::path& photo, std::string crop) {
    start_exiv2();
    try {
        const auto from = opened(photo);
        const auto to =
            Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(crop.data()), crop.size());
        to->readMetadata();
        Exiv2::ExifData exif = to->exifData();
        for (const auto& datum : from->exifData())
            if (tells_of_the_photo(datum)) exif[datum.key()].setValue(&datum.value());
        exif["Exif.Image.Orientation"] = std::uint16_t{1};
        to->setExifData(exif);
        if (to->iptcData().empty()) to->setIptcData(from->iptcData());
        if (to->xmpData().empty()) to->setXmpData(told_of_the_photo(from->xmpData()));
        to->writeMetadata();
        auto& io = to->io();
        if (io.open() != 0) return crop;
        std::string all(io.size(), '\0');
        const auto got = io.read(reinterpret_cast<Exiv2::byte*>(all.data()), all.size());
        return static_cast<std::size_t>(got) == all.size() ? all : crop;
    } catch (const std::exception&) {  // exiv2 0.27 and 0.28 name their exception types differently
        return crop;
    }
}

std::optional<std::string> xmp_of_crop(std::string_view packet, const CropPlace& place) {
    start_exiv2();
    try {
        const std::string was = packet_in_utf8(std::string(packet));
        RdfChanges changes;
        const RdfStatements said = rdf_statements(was);
        for (const auto& [property, values] : said)
            if (!tells_of_the_photo(property)) changes.removed.insert(property);
        if (changes.removed.empty()) return said.empty() ? std::nullopt : std::optional(was);
        Exiv2::XmpData all, regions;
        if (Exiv2::XmpParser::decode(all, was) == 0) add_regions(all, place, regions);
        changes.added = descriptions_of(regions);
        if (changes.removed.size() == said.size() && changes.added.empty()) return std::nullopt;
        return spliced_rdf(was, changes);
    } catch (const std::exception&) {  // ours, and exiv2's
        return std::nullopt;
    }
}

}  // namespace piaa::cli
