#include "feedback/migrate_profile.h"

#include <map>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/stars.h>

#include "feedback/named_photos.h"
#include "photos/photo_list.h"

namespace piaa::cli {

std::vector<NamedFeatures> photos_below(const boost::filesystem::path& folder, const Model& model,
                                        const FeatureRun& run) {
    const auto absolute = boost::filesystem::absolute(folder.empty() ? "." : folder);
    std::vector<std::string> names;
    for (const Photo& photo : list_photos({absolute.string()}).photos)
        if (photo.expected) names.push_back(photo.file.string());
    return read_features(model, absolute, names, run);
}

Migration migrate_profile(const UserProfile& profile, const Model& model, const Prior& prior,
                          const boost::filesystem::path& folder, const std::vector<NamedFeatures>& photos) {
    // Another model may have a photo decoded to another size, which can move a few bits of its id.
    std::map<std::string, const Features*> found;
    for (const auto& [id, row] : profile.rows()) {
        if (const NamedFeatures* photo = photo_with_id(photos, id)) found[id] = &photo->features;
    }
    if (found.empty() && !profile.rows().empty())
        throw Error(ErrorCode::bad_data, boost::filesystem::absolute(folder.empty() ? "." : folder).string() +
                                             ": holds none of the " + std::to_string(profile.rows().size()) +
                                             " photos that the profile was learned from");

    Migration result{UserProfile(model.info()), 0};
    result.profile.created = profile.created;
    result.profile.set_traits(profile.traits());
    keep_star_choice(profile, result.profile);
    for (Feedback event : profile.events()) {
        const auto photo = found.find(event.photo);
        const auto other = found.find(event.other);
        const bool comparison = event.kind == FeedbackKind::comparison;
        if (photo == found.end() || (comparison && other == found.end()) ||
            (comparison && photo->second == other->second)) {
            ++result.lost;
            continue;
        }
        const auto take = [&](const Features& features) {
            result.profile.set_row(features.content_id, feature_row(model, prior, features));
            return features.content_id;
        };
        event.photo = take(*photo->second);
        if (comparison) event.other = take(*other->second);
        result.profile.add(event);
    }
    return result;
}

}  // namespace piaa::cli
