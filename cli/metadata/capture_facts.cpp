#include "metadata/capture_facts.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <boost/filesystem/operations.hpp>
#include <exiv2/exiv2.hpp>

#include "metadata/xmp_sidecar.h"

namespace piaa::cli {
namespace {

std::optional<std::string> text_of(const Exiv2::ExifData& exif, const char* key) {
    const auto found = exif.findKey(Exiv2::ExifKey(key));
    return found == exif.end() ? std::nullopt : std::optional(found->toString());
}

/// "1/250", "8" or "56/10".
std::optional<double> number_of(const Exiv2::ExifData& exif, const char* key) {
    const auto text = text_of(exif, key);
    if (!text) return std::nullopt;
    char* end = nullptr;
    double value = std::strtod(text->c_str(), &end);
    if (*end == '/') value /= std::strtod(end + 1, nullptr);
    return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

std::optional<double> time_of(const Exiv2::ExifData& exif) {
    const auto text = text_of(exif, "Exif.Photo.DateTimeOriginal");
    std::tm time{};
    if (!text || std::sscanf(text->c_str(), "%d:%d:%d %d:%d:%d", &time.tm_year, &time.tm_mon, &time.tm_mday,
                             &time.tm_hour, &time.tm_min, &time.tm_sec) != 6)
        return std::nullopt;
    if (time.tm_year < 1900 || time.tm_year > 9999 || time.tm_mon < 1 || time.tm_mon > 12)
        return std::nullopt;
    time.tm_year -= 1900;
    --time.tm_mon;
    const auto fraction = text_of(exif, "Exif.Photo.SubSecTimeOriginal");
    const double below = fraction ? std::strtod(("0." + *fraction).c_str(), nullptr) : 0;
    return static_cast<double>(::timegm(&time)) + (std::isfinite(below) && below < 1 ? below : 0);
}

}  // namespace

CaptureFacts capture_facts(const boost::filesystem::path& photo) {
    start_exiv2();
    try {
        // Absolute, because exiv2 takes "http:..." for an address and would fetch it.
        const auto image = Exiv2::ImageFactory::open(boost::filesystem::absolute(photo).string());
        image->readMetadata();
        const auto& exif = image->exifData();
        CaptureFacts facts{time_of(exif), std::nullopt};
        const auto seconds = number_of(exif, "Exif.Photo.ExposureTime");
        const auto aperture = number_of(exif, "Exif.Photo.FNumber");
        const auto sensitivity = number_of(exif, "Exif.Photo.ISOSpeedRatings");
        if (seconds)
            facts.exposure =
                std::log2(*seconds * sensitivity.value_or(100) / std::pow(aperture.value_or(4), 2));
        return facts;
    } catch (const std::exception&) {  // no metadata, or none that exiv2 can read
        return {};
    }
}

}  // namespace piaa::cli
