#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/piaa.h>

#include "actions/settings.h"

namespace piaa::plugin {

/// One photo under one model: the network looks at it once, everything asked later comes from what it saw.
/// Belongs to one thread at a time.
class Session {
public:
    /// photo: its size in pixels, whatever size the picture has that will be looked at.
    explicit Session(Size photo) : photo_(photo) {}

    /// Selects the model and, unless `profile` is empty, the person. Does nothing when both are selected
    /// already. Throws Error(bad_model), Error(bad_profile) or Error(io), and then leaves everything as it
    /// was.
    void set_profile(const boost::filesystem::path& profile);
    /// Opens the network runtime, which takes most of a second, so that analyse() need not.
    void open_runtime();
    /// Whether the chosen model has not seen the photo yet.
    bool needs_photo() const { return !features_.has_value(); }
    /// The smallest picture that will do for analyse(); only when a model is chosen.
    Size needed() const { return needed(photo_); }
    /// The same for another photo.
    Size needed(Size photo) const;
    /// detail: the photo as crops are cut from it to be scored, where that has more of it than the picture.
    void analyse(const Image& picture, std::optional<Image> detail = {});

    /// Another photo, of that size, which has not been seen yet.
    void see_another(Size photo);

    // Only when !needs_photo().

    /// Levels the photo for crops() and crop_score() where the settings ask for it, it is surely tilted and
    /// what is to be kept lies in the levelled one. Throws Error(io) where the program cannot look for lines.
    void straighten(const Settings& settings);
    /// Degrees that crops are turned clockwise on the photo; their boxes are of the levelled photo then.
    double angle() const { return angle_; }
    /// Whether the photo is surely tilted and was left so for what is to be kept.
    bool keeps_tilt() const { return keeps_tilt_; }
    Score score() const;
    /// The map as the network gives it; guided_upsampling() brings it to a picture's size.
    Heatmap map(HeatmapKind kind) const;
    CropResult crops(const Settings& settings) const;
    /// What the part of the photo inside a crop's box would score as a photo of its own.
    Score crop_score(const PixelBox& box);
    /// What the network sees in the part of the photo inside a box; it looks at each box once.
    const Features& features_of(const PixelBox& box);
    /// Parts of the photo that differ from each other, in several shapes; the whole photo first.
    std::vector<PixelBox> varied_crops(const Settings& settings, std::size_t most) const;
    /// Why the photo has its score, as `piaa-batch explain` says it.
    Reasons reasons() const;
    /// The photo at no more than 512 pixels a side.
    const Image& picture() const { return *features_->picture; }
    /// What the profile says this person gave the photo, 1 to 5.
    std::optional<int> own_rating() const;
    /// Adds what the person gives the photo, 1 to 5, to a profile, which is made when there is none, learns
    /// from it and writes the file. An earlier rating of the photo is replaced. The person is chosen
    /// afterwards. Returns false when the profile belongs to another model, which has to look at the photo
    /// first.
    bool rate(int stars, const boost::filesystem::path& profile);
    /// Takes the rating of the photo back, out of the chosen person's file too.
    void take_rating_back();

    /// The person has learned more elsewhere: a later state of the same one, or what nobody has become.
    void go_on_with(PersonalModel person) { choose(std::move(person)); }

    Size photo() const { return photo_; }
    const PersonalModel& person() const { return *person_; }

private:
    void choose(PersonalModel person);
    void forget_photo();

    using SeenCrops = std::vector<std::pair<PixelBox, Features>>;
    const Features& crop_features(SeenCrops& seen, const PixelBox& box, Size photo, const Image& detail);

    Size photo_;
    std::optional<PersonalModel> person_;  ///< or people in general
    std::optional<Features> features_;
    std::optional<Features> both_ways_;  ///< the same for maps and reasons, see seen_both_ways()
    std::optional<Image> detail_;
    SeenCrops seen_crops_;
    double angle_ = 0;
    bool keeps_tilt_ = false;
    std::optional<double> tilt_;        ///< what the photo would be levelled by, where that was asked
    std::optional<Features> levelled_;  ///< of the levelled photo
    std::optional<Image> levelled_detail_;
    SeenCrops seen_levelled_crops_;
};

}  // namespace piaa::plugin
