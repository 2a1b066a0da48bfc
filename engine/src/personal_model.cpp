#include <boost/filesystem/operations.hpp>

#include <piaa/adapt.h>
#include <piaa/base_model.h>
#include <piaa/error.h>
#include <piaa/meta_start.h>
#include <piaa/personal_model.h>
#include <piaa/piaa.h>
#include <piaa/profile_lock.h>

namespace piaa {
namespace {

namespace fs = boost::filesystem;

/// Runs the work and puts the profile's name before what is wrong with it.
template <typename Work>
auto naming(const fs::path& file, Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::bad_profile ||
            std::string(error.what()).find(file.string()) != std::string::npos)
            throw;
        throw Error(error.code(), file.string() + ": " + error.what());
    }
}

Model load_first_model(const ModelOptions& options) {
    const auto shipped = list_models();
    if (shipped.empty()) throw Error(ErrorCode::bad_model, "no model is installed");
    return load_model(shipped.front().name, options);
}

std::string method_of(const UserProfile& profile) {
    return profile.learned().method.empty() ? "auto" : profile.learned().method;
}

}  // namespace

PersonalModel::PersonalModel(Model model) : model_(std::move(model)) {}

PersonalModel::PersonalModel(Model model, UserProfile profile, fs::path file,
                             std::shared_ptr<const Prior> prior)
    : model_(std::move(model)),
      profile_(std::move(profile)),
      file_(std::move(file)),
      prior_(std::move(prior)) {
    naming(file_, [&] {
        require_base_model(*profile_, model_);
        if (!prior_) prior_ = std::make_shared<const Prior>(load_prior(model_, method_of(*profile_)));
        // Rows are places along the directions of one prior and mean nothing to another.
        const std::string& learned_with = profile_->learned().prior;
        if (!learned_with.empty() && learned_with != prior_->hash())
            throw Error(ErrorCode::bad_profile,
                        "profile was learned with another prior than that of model " + model_.info().name +
                            ": name it with --prior, or learn the profile again with adapt --migrate");
    });
    profile_hash_ = profile_hash(*profile_);
}

Provenance PersonalModel::provenance() const {
    return {model_.info().name, model_.info().hash, profile_hash_, version()};
}

Score PersonalModel::score(const Features& features) const {
    return profile_ ? piaa::score(model_, *prior_, *profile_, features) : piaa::score(model_, features);
}

double PersonalModel::rating(const Features& features) const {
    return predict(*prior_, *profile_, feature_row(model_, *prior_, features)).rating;
}

Heatmap PersonalModel::heatmap(const Features& features, HeatmapKind kind) const {
    return profile_ && kind != HeatmapKind::generic ? make_heatmap(model_, *prior_, *profile_, features, kind)
                                                    : make_heatmap(model_, features);
}

Reasons PersonalModel::reasons(const Features& features) const {
    return profile_ ? find_reasons(model_, *prior_, *profile_, features) : find_reasons(model_, features);
}

std::function<double(std::span<const float>)> PersonalModel::crop_taste(const Features& features) const {
    if (!profile_ || score(features).trust <= 0) return nullptr;
    return [this, &features](std::span<const float> pooled) {
        Features region;
        region.attributes = features.attributes;
        region.pooled.assign(pooled.begin(), pooled.end());
        return rating(region);
    };
}

std::function<double(const Features&)> PersonalModel::crop_judge(const Features& features) const {
    if (!profile_ || score(features).trust <= 0) return nullptr;
    return [this](const Features& crop) { return score(crop).score; };
}

UserProfile& PersonalModel::known() {
    if (!profile_) throw Error(ErrorCode::bad_argument, "nobody's profile is chosen that could be changed");
    return *profile_;
}

std::optional<std::string> PersonalModel::find(const std::string& content_id) const {
    return profile_ ? profile_->find(content_id) : std::nullopt;
}

std::optional<double> PersonalModel::given(const std::string& content_id) const {
    std::optional<double> value;
    if (const auto id = find(content_id))
        for (const Feedback& event : profile_->events())
            if (event.kind == FeedbackKind::rating && event.photo == *id) value = event.value;
    return value;
}

void PersonalModel::rate(const Features& features, double value, std::int64_t time) {
    UserProfile& profile = known();
    std::vector<float> row = feature_row(model_, *prior_, features);
    const std::string id = profile.find(features.content_id, row).value_or(features.content_id);
    profile.forget_ratings(id);
    profile.set_row(id, std::move(row));
    profile.add({FeedbackKind::rating, id, "", value, time});
}

std::size_t PersonalModel::take_back(const std::string& content_id) {
    const auto id = known().find(content_id);
    return id ? known().forget_ratings(*id) : 0;
}

std::size_t PersonalModel::forget(const std::string& content_id) {
    const auto id = known().find(content_id);
    return id ? known().forget(*id) : 0;
}

std::vector<Feedback> PersonalModel::add(std::span<const Feedback> events,
                                         const std::map<std::string, std::vector<float>>& rows) {
    UserProfile& profile = known();
    // Two that are compared stay two, though the profile may know a photo that both look like.
    const auto known_as = [&](const std::string& photo, const std::string& taken) {
        if (photo.empty()) return photo;
        if (const auto id = profile.find(photo); id && *id != taken) return *id;
        profile.set_row(photo, rows.at(photo));
        return photo;
    };
    std::vector<Feedback> added;
    for (const Feedback& event : events) {
        added.push_back(event);
        added.back().photo = known_as(event.photo, "");
        added.back().other = known_as(event.other, added.back().photo);
        profile.add(added.back());
    }
    return added;
}

void PersonalModel::remove(std::span<const Feedback> events) {
    for (const Feedback& event : events) known().remove(event);
}

void PersonalModel::learn() {
    UserProfile& profile = known();
    AdaptOptions options{.method = method_of(profile)};
    if (options.method == "blg") options.start = load_blg(*prior_);
    profile = adapt(*prior_, profile, options);
    profile_hash_ = profile_hash(profile);
}

void PersonalModel::save(std::int64_t time) {
    UserProfile& profile = known();
    profile.updated = time;
    if (profile.created == 0) profile.created = time;
    save_profile(file_, profile);
    profile_hash_ = profile_hash(profile);
}

PersonalModel PersonalModel::updated(const fs::path& file, std::int64_t time,
                                     const std::function<void(PersonalModel&)>& change) const {
    boost::system::error_code problem;
    if (file.has_parent_path())
        fs::create_directories(file.parent_path(), problem);  // the lock says if it fails
    const ProfileLock lock(file);
    UserProfile profile = fs::exists(file, problem) ? load_profile(file) : UserProfile(model_.info());
    const bool same_prior =
        prior_ && !profile.learned().prior.empty() && profile.learned().prior == prior_->hash();
    PersonalModel next(model_, std::move(profile), file, same_prior ? prior_ : nullptr);
    naming(file, [&] {
        change(next);
        next.learn();
    });
    next.save(time);
    return next;
}

PersonalModel PersonalModel::saved_as(const fs::path& file, std::int64_t time) const {
    const ProfileLock lock(file);
    boost::system::error_code problem;
    if (fs::exists(fs::symlink_status(file, problem)))
        throw Error(ErrorCode::bad_argument,
                    file.string() + ": is there already, and another profile would be lost: name a new file");
    PersonalModel copy = *this;
    copy.file_ = file;
    copy.save(time);
    return copy;
}

PersonalModel load_personal_model(const PersonalModelOptions& options) {
    const ModelOptions device{.device = options.device};
    if (options.user.empty())
        return PersonalModel(options.model.empty() ? load_first_model(device)
                                                   : load_model(options.model, device));
    return naming(options.user, [&] {
        UserProfile profile = load_profile(options.user);
        Model model =
            options.model.empty() ? load_base_model(profile, device) : load_model(options.model, device);
        require_base_model(profile, model);
        std::shared_ptr<const Prior> prior;
        if (!options.prior.empty()) prior = std::make_shared<const Prior>(load_prior(options.prior));
        PersonalModel person(std::move(model), std::move(profile), options.user, std::move(prior));
        // Whether the profile can speak at all is told now, not at the first photo.
        predict(*person.prior(), *person.profile(), std::vector<float>(person.prior()->row_length()));
        return person;
    });
}

}  // namespace piaa
