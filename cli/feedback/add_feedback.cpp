#include "feedback/add_feedback.h"

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "console/counted.h"
#include "console/escape.h"

namespace piaa::cli {
namespace {

/// What the profile knows, or will know, a photo by.
struct Known {
    std::string id;
    std::vector<float> row;
};

/// Under which id the profile knows each photo, by the photo's name. Another version of a photo keeps the id
/// that the profile has for it; doubles that are both named now stay two photos.
std::map<std::string, Known> known_photos(const Model& model, const Prior& prior, const UserProfile& profile,
                                          const std::map<std::string, Features>& photos) {
    std::set<std::string> exact;
    for (const auto& [name, features] : photos)
        if (profile.rows().contains(features.content_id)) exact.insert(features.content_id);
    std::map<std::string, Known> all;
    for (const auto& [name, features] : photos) {
        const std::string& own = features.content_id;
        std::vector<float> row = feature_row(model, prior, features);
        const auto known = profile.find(own, row);
        all[name] = {known && (*known == own || !exact.contains(*known)) ? *known : own, std::move(row)};
    }
    return all;
}

}  // namespace

void forget(const std::vector<Forgotten>& photos, UserProfile& profile, Tally& tally, std::ostream& err) {
    for (const Forgotten& photo : photos) {
        const std::string id = photo.photo ? profile.find(*photo.photo).value_or(*photo.photo) : photo.name;
        const std::size_t events = profile.forget(id);
        tally.forgotten += events;
        if (events == 0) {
            ++tally.refused;
            err << "piaa-batch: " << printable(photo.name)
                << ": the profile holds no opinion of this photo\n";
        }
    }
}

void add_feedback(const Model& model, const Prior& prior, const std::vector<NamedFeedback>& feedback,
                  const std::map<std::string, Features>& photos, UserProfile& profile, std::int64_t time,
                  Tally& tally, std::ostream& err) {
    std::size_t of_several = 0;  // a pool has ratings of several people of one photo
    const auto all = known_photos(model, prior, profile, photos);
    for (const NamedFeedback& said : feedback)
        if (const auto photo = all.find(said.photo); said.other.empty() && photo != all.end())
            if (const auto& id = photo->second.id; !tally.rated.contains(id)) {
                const std::size_t earlier = profile.forget_ratings(id);
                of_several += earlier > 1;
                tally.replaced += earlier;
                tally.rated.insert(id);
            }
    if (of_several > 0)
        err << "piaa-batch: " << counted(of_several, "photo")
            << " had ratings of several people (adapt --pool), which these took the place of\n";
    const auto take = [&](const Known& photo) {
        profile.set_row(photo.id, photo.row);
        return photo.id;
    };
    for (const NamedFeedback& said : feedback) {
        const auto photo = all.find(said.photo);
        const auto other = all.find(said.other);
        const bool comparison = !said.other.empty();
        if (photo == all.end() || (comparison && other == all.end())) {
            ++tally.refused;
            continue;  // the photo itself was named on err already
        }
        if (comparison && photo->second.id == other->second.id) {
            ++tally.refused;
            err << "piaa-batch: " << printable(said.photo) << " and " << printable(said.other)
                << " are the same picture, so comparing them says nothing\n";
            continue;
        }
        const std::string id = take(photo->second);
        profile.add({comparison ? FeedbackKind::comparison : FeedbackKind::rating, id,
                     comparison ? take(other->second) : "", said.value, time});
        ++(comparison ? tally.comparisons : tally.ratings);
    }
}

}  // namespace piaa::cli
