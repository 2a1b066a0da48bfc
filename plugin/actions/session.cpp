#include "actions/session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>

#include <boost/filesystem/operations.hpp>

#include "actions/viewport.h"

namespace piaa::plugin {
namespace {

constexpr double most_alike = 0.85;  ///< overlap of crops that somebody is asked to tell apart

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The picture in which lines are looked for, as piaa-batch does.
Image picture_for_lines(const Image& seen, const Image& detail, Size photo) {
    return shows_lines(seen.size(), photo) ? seen : resized(detail, lines_size(photo));
}

}  // namespace

void Session::choose(PersonalModel person) {
    const bool same = person_ && person_->model().info().hash == person.model().info().hash;
    if (!same) forget_photo();
    person_ = std::move(person);
}

void Session::set_profile(const boost::filesystem::path& profile) {
    if (person_ && person_->file() == profile) return;
    choose(load_personal_model({.user = profile}));
}

void Session::open_runtime() {
    person_->model().device();
}

Size Session::needed(Size photo) const {
    return decode_size(person_->model(), photo);
}

void Session::analyse(const Image& picture, std::optional<Image> detail) {
    detail_ = detail ? std::move(detail) : picture;
    features_ = extract_features(person_->model(), std::span(&picture, 1), {.keep_maps = true}).front();
    features_->photo = photo_;
    both_ways_ = seen_both_ways(person_->model(), *features_);
}

void Session::see_another(Size photo) {
    photo_ = photo;
    forget_photo();
}

void Session::forget_photo() {
    features_.reset();
    both_ways_.reset();
    detail_.reset();
    seen_crops_.clear();
    angle_ = 0;
    keeps_tilt_ = false;
    tilt_.reset();
    levelled_.reset();
    levelled_detail_.reset();
    seen_levelled_crops_.clear();
}

Score Session::score() const {
    return person_->score(*features_);
}

void Session::straighten(const Settings& settings) {
    angle_ = 0;
    keeps_tilt_ = false;
    if (!settings.straighten) return;
    if (!tilt_)
        tilt_ = sure_tilt(person_->model(), *features_, picture_for_lines(picture(), *detail_, photo_));
    const Levelling level = levelling_by(*tilt_, photo_);
    keeps_tilt_ = !std::all_of(settings.keep.begin(), settings.keep.end(),
                               [&](const Box& box) { return level.holds(box); });
    if (keeps_tilt_ || level.angle == 0) return;
    angle_ = level.angle;
    if (levelled_) return;
    const Image upright = levelled(picture(), angle_);
    levelled_ = extract_features(person_->model(), std::span(&upright, 1), {.keep_maps = true}).front();
    levelled_->photo = level.frame();
    levelled_detail_ = levelled(*detail_, angle_);
}

const Features& Session::crop_features(SeenCrops& all, const PixelBox& box, Size photo, const Image& detail) {
    auto seen = std::find_if(all.begin(), all.end(), [&](const auto& crop) { return crop.first == box; });
    if (seen == all.end()) {
        const Box part = normalized(box, photo);
        const Size size{std::max(1, static_cast<int>(std::lround(part.width * detail.width()))),
                        std::max(1, static_cast<int>(std::lround(part.height * detail.height())))};
        const Image picture = part_of(detail, part, size);
        all.emplace_back(box, extract_features(person_->model(), std::span(&picture, 1)).front());
        seen = std::prev(all.end());
    }
    return seen->second;
}

const Features& Session::features_of(const PixelBox& box) {
    if (box == PixelBox{0, 0, photo_.width, photo_.height}) return *features_;
    return crop_features(seen_crops_, box, photo_, *detail_);
}

Score Session::crop_score(const PixelBox& box) {
    if (angle_ == 0) return person_->score(features_of(box));
    return person_->score(crop_features(seen_levelled_crops_, box, levelled_->photo, *levelled_detail_));
}

std::vector<PixelBox> Session::varied_crops(const Settings& settings, std::size_t most) const {
    std::vector<CropOptions> shapes;
    Settings wanted = settings;
    wanted.text_area = TextPlace::none;
    wanted.count = most_crops;
    for (const char* shape : {"", "photo", "1:1", "4:5", "16:9"}) {
        wanted.format = shape;
        shapes.push_back(crop_options_of(wanted, photo_));
    }
    if (settings.keep_heads) keep_heads(*features_, shapes);
    const std::vector<CropResult> found = find_crops(person_->model(), *features_, shapes);
    std::vector<PixelBox> varied{{0, 0, photo_.width, photo_.height}};
    const auto is_new = [&](const PixelBox& box) {
        return std::none_of(varied.begin(), varied.end(), [&](const PixelBox& other) {
            return overlap(normalized(box, photo_), normalized(other, photo_)) > most_alike;
        });
    };
    // The best of each shape, then the next of each.
    for (std::size_t rank = 0; rank < most_crops; ++rank)
        for (const CropResult& shape : found)
            if (rank < shape.crops.size() && varied.size() < most && is_new(shape.crops[rank].box))
                varied.push_back(shape.crops[rank].box);
    return varied;
}

Heatmap Session::map(HeatmapKind kind) const {
    return person_->heatmap(*both_ways_, kind);
}

Reasons Session::reasons() const {
    return person_->reasons(*both_ways_);
}

CropResult Session::crops(const Settings& settings) const {
    const Features& seen = angle_ == 0 ? *features_ : *levelled_;
    CropOptions options = crop_options_of(settings, photo_);
    for (Box& box : options.keep) box = Levelling{angle_, photo_}.in_frame(box);
    options.taste = person_->crop_taste(seen);
    options.judge = person_->crop_judge(seen);
    if (settings.keep_heads)
        keep_heads(seen, std::span(&options, 1));  // without the detector, crops are what they can be
    return find_crops(person_->model(), seen, options);
}

std::optional<int> Session::own_rating() const {
    const auto value = person_->given(features_->content_id);
    if (!value) return {};
    return 1 + static_cast<int>(std::lround(4 * *value));
}

bool Session::rate(int stars, const boost::filesystem::path& file) {
    if (stars < 1 || stars > 5)
        throw Error(ErrorCode::bad_argument,
                    "rating is " + std::to_string(stars) + " and should be from 1 to 5");
    if (boost::filesystem::exists(file) && load_profile(file).base().hash != person_->model().info().hash) {
        choose(load_personal_model({.user = file}));
        return false;
    }
    person_ = person_->updated(
        file, now(), [&](PersonalModel& person) { person.rate(*features_, (stars - 1) / 4.0, now()); });
    return true;
}

void Session::take_rating_back() {
    person_ = person_->updated(person_->file(), now(),
                               [&](PersonalModel& person) { person.take_back(features_->content_id); });
}

}  // namespace piaa::plugin
