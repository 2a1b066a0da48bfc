#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/heatmap.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/reasons.h>
#include <piaa/score.h>

namespace piaa {

/// Whose eye to look with.
struct PersonalModelOptions {
    std::string model =
        {};  ///< a shipped model's name or a file; empty for the profile's, or the default one
    std::string device = "auto";
    boost::filesystem::path user = {};   ///< a profile; empty for people in general
    boost::filesystem::path prior = {};  ///< a prior's file; empty for the one shipped for model and method
};

/// Where an answer comes from.
struct Provenance {
    std::string model;
    std::string model_hash;
    std::string profile_hash;  ///< empty for people in general
    std::string version;       ///< of this library
};

/// A model, and a person or nobody: everything that depends on the two. Features have to be the model's.
/// Cheap to copy but for the profile; safe to share between threads as long as nobody changes it.
class PIAA_API PersonalModel {
public:
    /// People in general.
    explicit PersonalModel(Model model);
    /// A person. prior: null for the one shipped for the model and the profile's method ("auto" where it has
    /// learned nothing yet). Throws Error(bad_profile), naming the file, when they do not belong together.
    PersonalModel(Model model, UserProfile profile, boost::filesystem::path file,
                  std::shared_ptr<const Prior> prior = nullptr);

    const Model& model() const { return model_; }
    bool is_personal() const { return profile_.has_value(); }
    /// All three empty or null for people in general.
    const boost::filesystem::path& file() const { return file_; }
    const UserProfile* profile() const { return profile_ ? &*profile_ : nullptr; }
    const Prior* prior() const { return prior_.get(); }
    Provenance provenance() const;

    Score score(const Features& features) const;
    /// What this person would rate a photo or a part of it, from 0 (lowest) to 1 but not cut off there; only
    /// where is_personal(). Needs the pooled features and the attributes.
    double rating(const Features& features) const;
    /// Where the score comes from; of people in general whatever the kind where nobody is chosen. Needs the
    /// maps.
    Heatmap heatmap(const Features& features, HeatmapKind kind) const;
    /// Why a photo has its score. Needs the maps.
    Reasons reasons(const Features& features) const;
    /// CropOptions::taste for a photo. Empty for people in general, and where this person's ratings say
    /// nothing of the photo: where the score stays everyone's, so do the crops. Refers to *this and to the
    /// features.
    std::function<double(std::span<const float>)> crop_taste(const Features& features) const;
    /// CropOptions::judge for a photo; empty where crop_taste() is. Refers to *this.
    std::function<double(const Features&)> crop_judge(const Features& features) const;

    // What follows needs a person, and changes the profile in memory alone, until save().

    /// The id under which the profile knows this photo, or another version of it: resized, compressed again,
    /// or decoded by another program (same_photo()). Of several the one that differs least.
    std::optional<std::string> find(const std::string& content_id) const;
    /// What the person gave the photo, 0 lowest to 1 highest; the last of several.
    std::optional<double> given(const std::string& content_id) const;
    /// Takes the place of earlier ratings of the photo, in whatever version.
    void rate(const Features& features, double value, std::int64_t time);
    /// Takes back the ratings of a photo, in whatever version; comparisons stay. Returns how many.
    std::size_t take_back(const std::string& content_id);
    /// Takes back all that was said of a photo, in whatever version. Returns how much that was.
    std::size_t forget(const std::string& content_id);
    /// Adds what was said of photos by content id; each gets its feature_row() where the profile has no
    /// version of the photo, and the id of that version otherwise. Returns the events as they were added, for
    /// remove().
    std::vector<Feedback> add(std::span<const Feedback> events,
                              const std::map<std::string, std::vector<float>>& rows);
    /// Takes back what add() returned, where it is still there.
    void remove(std::span<const Feedback> events);
    /// Learns from all that was said, by the profile's own method ("auto" for a new one).
    void learn();
    /// Writes the file whole or leaves it as it was. time: seconds since 1970, kept as the time of the
    /// change.
    void save(std::int64_t time);

    /// The person of that file after `change`, learned and saved: under the profile's lock, and from the file
    /// anew, because another program may have gone on with it. The file is made where there is none. *this
    /// stays as it is, and when something throws the file does too. Throws Error(bad_profile) when the file
    /// is another model's, Error(io) when it cannot be locked, read or written.
    PersonalModel updated(const boost::filesystem::path& file, std::int64_t time,
                          const std::function<void(PersonalModel&)>& change) const;

    /// All that is held of this person, saved under another name; the person of that file. *this stays as it
    /// is. Throws Error(bad_argument) where there is such a file already, Error(io) as updated() does.
    PersonalModel saved_as(const boost::filesystem::path& file, std::int64_t time) const;

private:
    UserProfile& known();

    Model model_;
    std::optional<UserProfile> profile_;
    boost::filesystem::path file_;
    std::shared_ptr<const Prior> prior_;
    std::string profile_hash_;
};

/// Throws Error(bad_model), or Error(bad_profile) naming the profile's file, when the parts cannot be had, do
/// not belong together, or the profile has learned nothing yet. The network runtime is opened on first need.
PIAA_API PersonalModel load_personal_model(const PersonalModelOptions& options);

}  // namespace piaa
