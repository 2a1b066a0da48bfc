#include "metadata/xmp_ratings.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include <boost/filesystem.hpp>

#include "metadata/developing_profile.h"
#include "metadata/metadata_files.h"
#include "metadata/photo_metadata.h"
#include "photos/image_format.h"
#include "photos/photo_list.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// The rating that piaa-batch wrote itself, which must not come back as somebody's opinion.
constexpr const char* our_rating_key = "Xmp.piaa.Rating";
/// The 0 that it replaced.
constexpr const char* before_key = "Xmp.piaa.RatingBefore";

/// What one file says: nothing, "not rated" (0), stars, or a rejection.
using Said = std::optional<int>;

/// Programs write "4", and some "4.0", "3.5" or blanks around it. `highest` is 5, or 100 for percent.
std::optional<double> number_in(const std::string& text, double lowest, double highest, const fs::path& file,
                                const char* name) {
    constexpr const char* blanks = " \t\r\n";
    const auto start = text.find_first_not_of(blanks);
    if (start == std::string::npos) return std::nullopt;
    const auto end = text.find_last_not_of(blanks) + 1;
    std::size_t used = 0;
    double value = 0;
    try {
        value = std::stod(text.substr(start, end - start), &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != end - start || !(value >= lowest && value <= highest))
        throw Error(ErrorCode::bad_data, file.string() + ": " + name + " is '" + text.substr(0, 40) +
                                             "' and should be a number from " +
                                             std::to_string(std::lround(lowest)) + " to " +
                                             std::to_string(std::lround(highest)));
    return value;
}

/// Windows writes 1, 25, 50, 75 and 99 percent and reads whatever lies around them.
int stars_of_percent(double percent) {
    if (percent <= 0) return 0;
    return percent < 13 ? 1 : percent < 38 ? 2 : percent < 63 ? 3 : percent < 88 ? 4 : 5;
}

/// Our panel in darktable (install/darktable/piaa.lua) tags a photo with the stars that it gave, since
/// darktable writes no namespace of ours.
bool given_by_our_panel(const PhotoMetadata& metadata, const std::string& rating) {
    const auto tags = metadata.xmp.findKey(Exiv2::XmpKey("Xmp.lr.hierarchicalSubject"));
    if (tags == metadata.xmp.end()) return false;
    const std::string ours = "piaa|stars|" + rating + (rating == "1" ? " star" : " stars");
    for (decltype(tags->count()) i = 0; i < tags->count(); ++i)
        if (tags->toString(i) == ours) return true;
    return false;
}

/// Whether there is no rating where one of ours was.
bool took_away_ours(const PhotoMetadata& metadata) {
    const auto is_none = [](const std::optional<std::string>& rating) {
        return !rating || rating->find_first_not_of(" \t\r\n+-0.") == std::string::npos;
    };
    return metadata.in_xmp(our_rating_key) && is_none(metadata.in_xmp("Xmp.xmp.Rating"));
}

/// What the file says of the rating; throws Error(bad_data) for a rating that is none.
Said said_by(const PhotoMetadata& metadata, const fs::path& file) {
    const auto rating = metadata.in_xmp("Xmp.xmp.Rating");
    const bool ours =
        rating && (metadata.in_xmp(our_rating_key) == rating || given_by_our_panel(metadata, *rating));
    Said said;
    // The first that is not 0: cameras write 0 into one field, and people's programs into another.
    const auto hear = [&](const std::optional<std::string>& text, const char* name, bool percent,
                          int lowest) {
        if (!text || (said && *said != 0)) return;
        if (const auto value = number_in(*text, lowest, percent ? 100 : 5, file, name))
            said = percent ? stars_of_percent(*value) : static_cast<int>(std::lround(*value));
    };
    hear(ours ? metadata.in_xmp(before_key) : rating, "xmp:Rating", false, -1);
    hear(metadata.in_xmp("Xmp.MicrosoftPhoto.Rating"), "MicrosoftPhoto:Rating", true, 0);
    hear(metadata.in_xmp("Xmp.acdsee.rating"), "acdsee:rating", false, 0);
    hear(metadata.in_exif("Exif.Image.Rating"), "the rating in its Exif data", false, 0);
    hear(metadata.in_exif("Exif.Image.RatingPercent"), "the rating in its Exif data", true, 0);
    return said;
}

/// Takes in what one file says. Returns whether that settles the rating.
bool settles(const fs::path& file, const PhotoMetadata& metadata, PhotoRating& rating, bool& taken_back) {
    try {
        if (metadata.unread) throw Error(ErrorCode::bad_data, *metadata.unread);
        const Said said = said_by(metadata, file);
        rating.taken_back = rating.taken_back || took_away_ours(metadata);
        if (said == 0) taken_back = true;
        if (!said || *said == 0) return false;
        rating.stars = *said < 0 ? -1 : *said;
        rating.source = file;
        rating.from_darktable = metadata.has_marks_of_darktable();
    } catch (const Error& error) {
        rating.unread = error_in(file, error.what());
    }
    return true;
}

/// Takes in the rank of a developing profile, likewise.
bool settles(const fs::path& profile, PhotoRating& rating) {
    try {
        rating.stars = rank_in(profile);
        if (rating.stars) rating.source = profile;
    } catch (const Error& error) {
        rating.unread = error_in(profile, error.what());
    }
    return rating.maybe_rated();
}

/// What a file and its own sidecars say.
bool settles_with_sidecars(const fs::path& file, PhotoRating& rating) {
    bool taken_back = false;
    for (const auto& sidecar : sidecars_of(file))
        if (settles(sidecar, metadata_of_sidecar(sidecar), rating, taken_back)) return true;
    for (const auto& profile : developing_profiles_of(file))
        if (settles(profile, rating)) return true;
    return !taken_back && settles(file, metadata_inside(file), rating, taken_back);
}

}  // namespace

PhotoRating read_rating(const fs::path& photo) {
    boost::system::error_code problem;
    if (!fs::is_regular_file(photo, problem))
        throw Error(ErrorCode::io, photo.string() + ": is not a file that can be read");
    PhotoRating rating;
    for (const auto& file : pictures_of(photo))
        if (settles_with_sidecars(file, rating)) break;
    return rating;
}

std::optional<int> find_stars(const fs::path& photo) {
    const PhotoRating rating = read_rating(photo);
    if (rating.unread) throw *rating.unread;
    return rating.stars;
}

XmpRatings find_stars_below(const fs::path& folder) {
    XmpRatings all;
    const PhotoList list = list_photos({folder.string()});
    all.errors = list.errors;
    for (const auto& photo : list.photos) {
        try {
            // What `score` reads is a photo, whatever its name.
            if (!photo.expected && !image_format(photo.file)) continue;
            const PhotoRating rating = read_rating(photo.file);
            if (rating.unread)
                all.errors.push_back(*rating.unread);
            else if (!rating.stars)
                ++all.unrated;
            else if (*rating.stars < 0)
                ++all.rejected;
            else
                all.ratings.push_back({photo.file, *rating.stars, rating.from_darktable});
        } catch (const Error& error) {
            all.errors.push_back(error);
        }
    }
    return all;
}

std::size_t default_stars_of_darktable(const XmpRatings& found) {
    const auto ones = static_cast<std::size_t>(
        std::count_if(found.ratings.begin(), found.ratings.end(),
                      [](const XmpRating& rating) { return rating.stars == 1 && rating.from_darktable; }));
    return ones * 2 >= found.ratings.size() ? ones : 0;
}

}  // namespace piaa::cli
