#include "metadata/capture_facts.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "metadata/photo_metadata.h"
#include "photos/memory_file.h"

namespace piaa::cli {
namespace {

/// "1/250", "8" or "56/10".
std::optional<double> number_of(const PhotoMetadata& metadata, const char* key) {
    const auto text = metadata.in_exif(key);
    if (!text) return std::nullopt;
    char* end = nullptr;
    double value = std::strtod(text->c_str(), &end);
    if (*end == '/') value /= std::strtod(end + 1, nullptr);
    return std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

/// Seconds that a clock is ahead of UTC, from "+05:30", "-0800" or "Z"; nothing for any other text.
std::optional<double> offset_of(const std::string& text) {
    if (text == "Z") return 0;
    int hours = 0, minutes = 0;
    char sign = 0;
    if (std::sscanf(text.c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3 &&
        std::sscanf(text.c_str(), "%c%2d%2d", &sign, &hours, &minutes) != 3)
        return std::nullopt;
    if ((sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return (sign == '-' ? -1 : 1) * (hours * 3600.0 + minutes * 60.0);
}

/// Exif's "2026:11:29 01:02:03" and XMP's "2026-11-29T01:02:03.25+01:00", with what Exif says apart.
std::optional<double> time_of(const std::optional<std::string>& text,
                              const std::optional<std::string>& fraction,
                              const std::optional<std::string>& offset) {
    std::tm time{};
    int read = 0;
    // XMP may leave the seconds out; %n counts only what was read before it.
    if (!text ||
        std::sscanf(text->c_str(), "%4d%*[:-]%2d%*[:-]%2d%*[ T]%2d:%2d%n:%2d%n", &time.tm_year, &time.tm_mon,
                    &time.tm_mday, &time.tm_hour, &time.tm_min, &read, &time.tm_sec, &read) < 5)
        return std::nullopt;
    if (time.tm_year < 1900 || time.tm_mon < 1 || time.tm_mon > 12 || time.tm_mday < 1) return std::nullopt;
    time.tm_year -= 1900;
    --time.tm_mon;
    std::string rest = text->substr(static_cast<std::size_t>(read));
    std::string below = fraction.value_or("");
    if (rest.starts_with('.')) {
        const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        below = rest.substr(1, end - 1);
        rest.erase(0, end);
    }
    below.erase(std::min(below.find_first_not_of("0123456789"), below.size()));
    return static_cast<double>(::timegm(&time)) + std::strtod(("0." + below).c_str(), nullptr) -
           offset_of(rest).value_or(offset_of(offset.value_or("")).value_or(0));
}

/// When the photo was taken, else scanned or changed; what XMP says where Exif says nothing.
std::optional<double> time_of(const PhotoMetadata& metadata) {
    constexpr const char* fields[][3] = {
        {"Exif.Photo.DateTimeOriginal", "Exif.Photo.SubSecTimeOriginal", "Exif.Photo.OffsetTimeOriginal"},
        {"Exif.Photo.DateTimeDigitized", "Exif.Photo.SubSecTimeDigitized", "Exif.Photo.OffsetTimeDigitized"},
        {"Exif.Image.DateTime", "Exif.Photo.SubSecTime", "Exif.Photo.OffsetTime"}};
    for (const auto& [time, fraction, offset] : fields)
        if (const auto found =
                time_of(metadata.in_exif(time), metadata.in_exif(fraction), metadata.in_exif(offset)))
            return found;
    for (const char* key : {"Xmp.exif.DateTimeOriginal", "Xmp.photoshop.DateCreated",
                            "Xmp.exif.DateTimeDigitized", "Xmp.xmp.CreateDate"})
        if (const auto found = time_of(metadata.in_xmp(key), std::nullopt, std::nullopt)) return found;
    return std::nullopt;
}

}  // namespace

CaptureFacts capture_facts(const Photo& photo) {
    try {
        std::optional<MemoryFile> sent;
        if (photo.bytes) sent.emplace(photo.bytes->span());
        const PhotoMetadata metadata = metadata_inside(sent ? sent->path() : photo.file);
        CaptureFacts facts{time_of(metadata), std::nullopt};
        const auto seconds = number_of(metadata, "Exif.Photo.ExposureTime");
        const auto aperture = number_of(metadata, "Exif.Photo.FNumber");
        const auto sensitivity = number_of(metadata, "Exif.Photo.ISOSpeedRatings");
        if (seconds)
            facts.exposure =
                std::log2(*seconds * sensitivity.value_or(100) / std::pow(aperture.value_or(4), 2));
        return facts;
    } catch (const std::exception&) {  // no metadata, or none that can be read
        return {};
    }
}

}  // namespace piaa::cli
