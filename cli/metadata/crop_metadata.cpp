#include "metadata/crop_metadata.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/filesystem/operations.hpp>
#include <exiv2/exiv2.hpp>

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
constexpr std::array of_these_pixels{"MakerNote"sv, "PixelXDimension"sv, "PixelYDimension"sv,
                                     "InteroperabilityTag"sv, "ColorSpace"sv};

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

/// Settings of a RAW developer are for the RAW file; tiff: and exif: repeat what Exif says.
bool tells_of_the_photo(const Exiv2::Xmpdatum& datum) {
    return !contains(std::array{"crs"sv, "crd"sv, "crss"sv, "darktable"sv, "tiff"sv, "exif"sv},
                     datum.groupName());
}

auto opened(const fs::path& file) {
    // exiv2 would fetch what begins like an address; an absolute path does not.
    auto image = Exiv2::ImageFactory::open(fs::absolute(file).string());
    image->readMetadata();
    return image;
}

}  // namespace

void carry_metadata(const fs::path& photo, const fs::path& crop) {
    start_exiv2();
    try {
        const auto from = opened(photo);
        const auto to = opened(crop);
        Exiv2::ExifData exif = to->exifData();
        for (const auto& datum : from->exifData())
            if (tells_of_the_photo(datum)) exif[datum.key()].setValue(&datum.value());
        exif["Exif.Image.Orientation"] = std::uint16_t{1};
        to->setExifData(exif);
        if (to->iptcData().empty()) to->setIptcData(from->iptcData());
        if (to->xmpData().empty()) {
            Exiv2::XmpData xmp;
            for (const auto& datum : from->xmpData())
                if (tells_of_the_photo(datum)) xmp.add(datum);
            to->setXmpData(xmp);
        }
        to->writeMetadata();
    } catch (const std::exception&) {  // exiv2 0.27 and 0.28 name their exception types differently
    }
}

}  // namespace piaa::cli
