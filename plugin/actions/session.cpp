#include "actions/session.h"

#include <chrono>
#include <cmath>

#include <boost/filesystem/operations.hpp>

namespace piaa::plugin {
namespace {

Model default_model() {
    const auto shipped = list_models();
    if (shipped.empty()) throw Error(ErrorCode::bad_model, "no model is installed");
    return load_model(shipped.front().name);
}

/// Runs the work and puts the profile's name before what is wrong with it.
template <typename Work>
auto naming(const boost::filesystem::path& file, Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::bad_profile ||
            std::string(error.what()).find(file.string()) != std::string::npos)
            throw;
        throw Error(error.code(), file.string() + ": " + error.what());
    }
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The profile without its ratings of one photo.
UserProfile without_ratings_of(const std::string& photo, const UserProfile& profile) {
    UserProfile result(profile.base());
    result.created = profile.created;
    for (const auto& [id, row] : profile.rows()) result.set_row(id, row);
    for (const Event& event : profile.events())
        if (event.gesture != Gesture::rating || event.photo != photo) result.add(event);
    return result;
}

}  // namespace

void Session::use_model(const Model& model) {
    if (model_ && model_->info().hash == model.info().hash) return;  // it stays warm
    features_.reset();
    model_ = model;
}

void Session::choose_person(const boost::filesystem::path& profile) {
    if (profile.empty()) {
        if (!model_ || person_) use_model(default_model());
        person_.reset();
        return;
    }
    if (person_ && person_->file == profile) return;
    naming(profile, [&] {
        UserProfile loaded = load_profile(profile);
        const Model model = load_base_model(loaded);
        Prior prior = load_prior(model);
        // Whether the profile can speak at all is told now.
        predict(prior, loaded, std::vector<float>(prior.row_length()));
        use_model(model);
        person_ = Person{profile, std::move(loaded), std::move(prior)};
    });
}

void Session::open_runtime() {
    model_->device();
}

Size Session::needed() const {
    return decode_size(*model_, photo_);
}

void Session::look(const Image& picture) {
    features_ = extract_features(*model_, std::span(&picture, 1), {.keep_maps = true}).front();
    features_->photo = photo_;
}

Score Session::score() const {
    return person_ ? piaa::score(*model_, person_->prior, person_->profile, *features_)
                   : piaa::score(*model_, *features_);
}

Heatmap Session::map(HeatmapKind kind) const {
    return person_ && kind != HeatmapKind::generic
               ? make_heatmap(*model_, person_->prior, person_->profile, *features_, kind)
               : make_heatmap(*model_, *features_);
}

Reasons Session::reasons() const {
    return person_ ? find_reasons(*model_, person_->prior, person_->profile, *features_)
                   : find_reasons(*model_, *features_);
}

CropResult Session::crops(const Settings& settings) const {
    CropOptions options = crop_options_of(settings, photo_);
    if (score().trust > 0)  // where the score stays everyone's, so do the crops
        options.taste = [this](std::span<const float> pooled) {
            Features region;
            region.attributes = features_->attributes;
            region.pooled.assign(pooled.begin(), pooled.end());
            return predict(person_->prior, person_->profile, feature_row(*model_, person_->prior, region))
                .rating;
        };
    return find_crops(*model_, *features_, options);
}

std::string Session::photo_id(const UserProfile& profile) const {
    if (profile.rows().contains(features_->content_id)) return features_->content_id;
    for (const auto& [id, row] : profile.rows())
        if (same_photo(id, features_->content_id)) return id;
    return features_->content_id;
}

std::optional<int> Session::own_rating() const {
    if (!person_) return {};
    const std::string id = photo_id(person_->profile);
    std::optional<int> stars;
    for (const Event& event : person_->profile.events())
        if (event.gesture == Gesture::rating && event.photo == id)
            stars = 1 + static_cast<int>(std::lround(4 * event.value));
    return stars;
}

bool Session::rate(int stars, const boost::filesystem::path& file) {
    if (stars < 1 || stars > 5)
        throw Error(ErrorCode::bad_argument,
                    "rating is " + std::to_string(stars) + " and should be from 1 to 5");
    const ModelInfo& info = model_->info();
    std::optional<Prior> prior;
    UserProfile profile({info.name, info.hash, info.preprocessing});
    if (boost::filesystem::exists(file)) {
        // From the file anew: another program may have gone on with it meanwhile.
        profile = load_profile(file);
        if (profile.base().hash != info.hash) {
            person_.reset();
            choose_person(file);
            return false;
        }
    }
    if (person_)
        prior = person_->prior;
    else
        prior = load_prior(*model_);
    naming(file, [&] {
        const std::string id = photo_id(profile);
        profile = without_ratings_of(id, profile);
        profile.set_row(id, feature_row(*model_, *prior, *features_));
        profile.add({Gesture::rating, id, "", (stars - 1) / 4.0, now()});
        profile.updated = now();
        if (profile.created == 0) profile.created = profile.updated;
        profile = adapt(*prior, profile, {.method = "auto"});
        boost::filesystem::create_directories(file.parent_path());
        save_profile(file, profile);
    });
    person_ = Person{file, std::move(profile), std::move(*prior)};
    return true;
}

}  // namespace piaa::plugin
