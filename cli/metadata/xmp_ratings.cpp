#include "metadata/xmp_ratings.h"

#include <cmath>
#include <exception>

#include <boost/filesystem.hpp>
#include <exiv2/exiv2.hpp>

#include "metadata/xmp_sidecar.h"
#include "photos/photo_list.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// exiv2 0.27 has a number for "no image" and 0.28 a value of an enumeration.
#if EXIV2_MAJOR_VERSION == 0 && EXIV2_MINOR_VERSION < 28
constexpr int no_image_type = Exiv2::ImageType::none;
#else
constexpr auto no_image_type = Exiv2::ImageType::none;
#endif
constexpr const char* rating_key = "Xmp.xmp.Rating";
/// The rating that piaa-batch wrote itself, which must not come back as somebody's opinion.
constexpr const char* our_rating_key = "Xmp.piaa.Rating";
constexpr std::uintmax_t largest_sidecar = 16 << 20;

/// Programs write "4", and some "4.0" or "3.5".
std::optional<int> rating_of(const Exiv2::XmpData& xmp, const fs::path& file) {
    const auto found = xmp.findKey(Exiv2::XmpKey(rating_key));
    if (found == xmp.end() || found->count() == 0) return std::nullopt;
    const std::string text = found->toString();
    std::size_t used = 0;
    double value = 0;
    try {
        value = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used == 0 || used != text.size() || !(value >= -1 && value <= 5))
        throw Error(ErrorCode::bad_data, file.string() + ": xmp:Rating is '" + text.substr(0, 40) +
                                             "' and should be a number from -1 to 5");
    const int stars = static_cast<int>(std::lround(value));
    const auto ours = xmp.findKey(Exiv2::XmpKey(our_rating_key));
    if (ours != xmp.end() && ours->toString() == text) return std::nullopt;
    return stars == 0 ? std::nullopt : std::optional(stars);
}

std::optional<int> read_rating(const fs::path& file) {
    start_exiv2();
    try {
        // exiv2 would fetch what begins like an address; an absolute path does not.
        const auto image = Exiv2::ImageFactory::open(fs::absolute(file).string());
        image->readMetadata();
        return rating_of(image->xmpData(), file);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {  // exiv2 0.27 and 0.28 name their exception types differently
        throw Error(ErrorCode::bad_data, file.string() + ": its metadata cannot be read: " + error.what());
    }
}

}  // namespace

std::optional<int> find_stars(const fs::path& photo) {
    boost::system::error_code problem;
    if (!fs::is_regular_file(photo, problem))
        throw Error(ErrorCode::io, photo.string() + ": is not a file that can be read");
    const auto sidecar = find_sidecar(photo);
    if (!sidecar) return read_rating(photo);
    if (fs::file_size(*sidecar) > largest_sidecar)
        throw Error(ErrorCode::bad_data, sidecar->string() + ": has more than 16 MB and is no sidecar");
    if (const auto stars = read_rating(*sidecar)) return stars;
    return read_rating(photo);
}

bool holds_rating(const fs::path& photo) {
    start_exiv2();
    try {
        if (Exiv2::ImageFactory::getType(fs::absolute(photo).string()) == no_image_type) return false;
        const auto image = Exiv2::ImageFactory::open(fs::absolute(photo).string());
        image->readMetadata();
        const auto& xmp = image->xmpData();
        const auto& exif = image->exifData();
        const auto in_xmp = [&](const char* key) { return xmp.findKey(Exiv2::XmpKey(key)) != xmp.end(); };
        const auto text = [&](const char* key) { return xmp.findKey(Exiv2::XmpKey(key))->toString(); };
        const bool ours =
            in_xmp(our_rating_key) && in_xmp(rating_key) && text(our_rating_key) == text(rating_key);
        return (in_xmp(rating_key) && !ours) || in_xmp("Xmp.MicrosoftPhoto.Rating") ||
               in_xmp("Xmp.acdsee.rating") || exif.findKey(Exiv2::ExifKey("Exif.Image.Rating")) != exif.end();
    } catch (const std::exception&) {
        return true;
    }
}

XmpRatings find_stars_below(const fs::path& folder) {
    XmpRatings all;
    const PhotoList list = list_photos({folder.string()});
    all.errors = list.errors;
    for (const auto& photo : list.photos) {
        if (!photo.expected) continue;
        try {
            const auto stars = find_stars(photo.file);
            if (!stars)
                ++all.unrated;
            else if (*stars < 0)
                ++all.rejected;
            else
                all.ratings.push_back({photo.file, *stars});
        } catch (const Error& error) {
            all.errors.push_back(error);
        }
    }
    return all;
}

}  // namespace piaa::cli
