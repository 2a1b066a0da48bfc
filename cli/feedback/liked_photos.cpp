#include "feedback/liked_photos.h"

#include <algorithm>
#include <ostream>
#include <set>

#include <boost/filesystem/operations.hpp>

#include <piaa/content_id.h>
#include <piaa/error.h>
#include <piaa/liked.h>

#include "console/say.h"
#include "photos/image_format.h"
#include "photos/photo_list.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

std::vector<std::string> photos_in(const fs::path& folder, std::size_t& refused, std::ostream& messages) {
    const PhotoList list = list_photos({fs::absolute(folder).string()});
    for (const Error& error : list.errors) say(messages, error.what());
    refused += list.errors.size();
    std::vector<std::string> photos;
    for (const Photo& photo : list.photos)
        if (photo.expected || image_format(photo.file)) photos.push_back(photo.file.string());
    if (photos.empty()) throw Error(ErrorCode::bad_data, folder.string() + ": holds no photos");
    return photos;
}

}  // namespace

LikedPhotos::LikedPhotos(const fs::path& liked, const fs::path& among, std::ostream& messages) {
    liked_ = photos_in(liked, refused_, messages);
    others_ = photos_in(among, refused_, messages);
    std::set<std::string> real;
    boost::system::error_code ignored;
    for (const std::string& photo : liked_) real.insert(fs::canonical(photo, ignored).string());
    std::erase_if(others_,
                  [&](const auto& photo) { return real.contains(fs::canonical(photo, ignored).string()); });
}

void LikedPhotos::take_out_copies(const std::map<std::string, Features>& photos) {
    const auto known = [&](const std::string& photo) { return photos.contains(photo); };
    std::erase_if(liked_, [&](const auto& photo) { return !known(photo); });
    std::erase_if(others_, [&](const std::string& photo) {
        return !known(photo) || std::any_of(liked_.begin(), liked_.end(), [&](const std::string& liked) {
            return same_photo(photos.at(photo).content_id, photos.at(liked).content_id);
        });
    });
}

std::vector<NamedFeedback> LikedPhotos::feedback() const {
    if (liked_.empty()) return {};
    const ChoiceRatings ratings = ratings_of_choice(liked_.size(), others_.size());
    std::vector<NamedFeedback> feedback;
    for (const std::string& photo : liked_) feedback.push_back({photo, "", ratings.chosen});
    for (const std::string& photo : others_) feedback.push_back({photo, "", ratings.others});
    return feedback;
}

}  // namespace piaa::cli
