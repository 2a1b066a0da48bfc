#include "actions/dialog_state.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include <boost/filesystem/operations.hpp>

#include "actions/overlay.h"
#include "actions/profiles.h"
#include "actions/texts.h"

namespace piaa::plugin {
namespace {

constexpr Size preview_room{600, 450};

Size size_of(const PixelBox& box) {
    return {box.width, box.height};
}

Size preview_of(Size photo) {
    const double scale = std::min({static_cast<double>(preview_room.width) / photo.width,
                                   static_cast<double>(preview_room.height) / photo.height});
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

/// The settings as far as the engine's answer depends on them.
Settings asked_of_engine(Settings settings) {
    settings.add_map = true;
    settings.opacity = 0;
    settings.marks = CropMarks::none;
    settings.cut = Cut::nothing;
    settings.source = Source::fitting;  // what it means has been looked at
    settings.selection = SelectionUse::judge;
    settings.chosen = 1;
    return settings;
}

/// Settings kept from another time may name what is gone, and a personal map needs a person.
Settings usable(Settings settings) {
    boost::system::error_code ignored;
    if (!boost::filesystem::exists(settings.profile, ignored)) settings.profile.clear();
    if (settings.profile.empty()) settings.map = HeatmapKind::generic;
    try {
        crop_options_of(settings, {100, 100});
    } catch (const Error&) {
        settings.format.clear();
    }
    settings.chosen = 1;
    return settings;
}

std::string points(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%s%.1f", value < 0 ? "−" : "+", std::abs(value));
    return text;
}

}  // namespace

DialogState::DialogState(Host& host, const Settings& settings, Post post, std::function<void()> changed)
    : host_(host),
      settings_(looked_at(host, usable(settings))),
      post_(std::move(post)),
      changed_(std::move(changed)),
      has_colour_(host.has_colour()),
      has_selection_(host.selection().width > 0),
      shows_more_than_layer_(host.shows_more_than_layer()),
      photo_(host.photo()),
      preview_size_(preview_of(size_of(photo_))),
      session_(size_of(photo_)) {
    ask([this](Request& request) { request.settings = settings_; });
    thread_ = std::thread([this] { work(); });
}

DialogState::~DialogState() {
    stop();
}

void DialogState::stop() {
    *alive_ = false;
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    asked_.notify_all();
    if (thread_.joinable()) thread_.join();
}

const Session& DialogState::finish() {
    stop();
    return session_;
}

void DialogState::change(const Settings& settings) {
    Settings wanted = settings;
    if (wanted.profile.empty()) wanted.map = HeatmapKind::generic;
    if (wanted.source != settings_.source || wanted.selection != settings_.selection) look_again(wanted);
    if (asked_of_engine(wanted) != asked_of_engine(settings_)) {
        const bool crops_stay =
            wanted.format == settings_.format && wanted.copy_area == settings_.copy_area &&
            wanted.keep_heads == settings_.keep_heads && wanted.profile == settings_.profile;
        if (!crops_stay) wanted.chosen = 1;
        wanted.chosen = std::min(wanted.chosen, wanted.count);
        ask([&](Request& request) { request.settings = wanted; });
        waiting_ = true;
    }
    settings_ = wanted;
    changed_();
}

bool DialogState::judges_visible() const {
    return settings_.source == Source::visible ||
           (settings_.source == Source::fitting && shows_more_than_layer_);
}

Source DialogState::source_for(bool visible) const {
    if (visible == shows_more_than_layer_) return Source::fitting;
    return visible ? Source::visible : Source::layer;
}

void DialogState::take_rating_back() {
    if (rating()) ask_rating(0);
}

void DialogState::show_plain(bool plain) {
    plain_ = plain;
    changed_();
}

void DialogState::rate(int stars) {
    if (settings_.profile.empty()) {
        settings_.profile = own_profile();
        settings_.map = HeatmapKind::personal;
    }
    ask_rating(stars);
}

void DialogState::ask_rating(int stars) {
    settings_.chosen = 1;
    ask([&](Request& request) {
        request.settings = settings_;
        request.ratings.push_back(stars);
    });
    waiting_ = true;
    changed_();
}

void DialogState::step_crop(int step) {
    if (!view_) return;
    const int count = static_cast<int>(view_->crops.crops.size());
    settings_.chosen = (settings_.chosen - 1 + step + count) % count + 1;
    changed_();
}

void DialogState::ask(std::function<void(Request&)> add) {
    {
        const std::lock_guard lock(mutex_);
        add(request_);
        requested_ = true;
    }
    asked_.notify_all();
}

/// From the engine's thread: to be done in the main thread, unless the dialog has ended.
void DialogState::tell(std::function<void()> work) {
    post_([alive = alive_, work = std::move(work)] {
        if (*alive) work();
    });
}

void DialogState::work() {
    Asked asked;
    for (;;) {
        Request request;
        {
            std::unique_lock lock(mutex_);
            asked_.wait(lock, [this] { return stop_ || requested_; });
            if (stop_) return;
            request = std::exchange(request_, {});
            requested_ = false;
        }
        try {
            answer(request, asked);
        } catch (const std::exception& error) {
            asked.ratings.clear();
            tell([this, round = asked.round, text = sentence(error.what())] {
                if (round == round_) fail(text);
            });
        }
    }
}

void DialogState::fail(const std::string& why) {
    status_ = why;
    failed_ = true;
    view_.reset();
    waiting_ = false;
    changed_();
}

void DialogState::answer(Request& request, Asked& asked) {
    if (request.settings) asked.settings = *request.settings;
    if (request.photo) {
        session_.see_another(*request.photo);
        asked.round = request.round;
    }
    asked.ratings.insert(asked.ratings.end(), request.ratings.begin(), request.ratings.end());
    const bool profile_to_be_made =
        !asked.ratings.empty() && !boost::filesystem::exists(asked.settings.profile);
    session_.choose_person(profile_to_be_made ? boost::filesystem::path() : asked.settings.profile);
    if (request.picture) session_.look(*request.picture);
    const std::string problem = give(asked);
    if (session_.needs_photo()) {
        tell([this, round = asked.round, needed = session_.needed()] {
            if (round == round_) start_reading(needed);
        });
        session_.open_runtime();
        return;
    }
    View view = view_of(asked.settings);
    if (!problem.empty()) view.person += (view.person.empty() ? "" : "\n") + problem;
    tell([this, view = std::move(view), given = asked.settings, problem, round = asked.round] {
        if (round != round_) return;
        if (!problem.empty()) {  // a profile that could not be made is not chosen
            settings_.profile = given.profile;
            settings_.map = given.map;
        }
        view_ = view;
        failed_ = false;
        status_.clear();
        waiting_ = asked_of_engine(given) != asked_of_engine(settings_);
        settings_.chosen = std::min<int>(settings_.chosen, static_cast<int>(view_->crops.crops.size()));
        changed_();
    });
}

/// Gives the ratings that the photo has been seen for. A sentence when that failed: the answer stays what it
/// was.
std::string DialogState::give(Asked& asked) try {
    while (!session_.needs_photo() && !asked.ratings.empty()) {
        if (asked.ratings.front() == 0)
            session_.take_rating_back();
        else if (!session_.rate(asked.ratings.front(), asked.settings.profile))
            continue;
        asked.ratings.erase(asked.ratings.begin());
    }
    return "";
} catch (const Error& error) {
    asked.ratings.clear();
    asked.settings.profile = session_.person().file();
    if (asked.settings.profile.empty()) asked.settings.map = HeatmapKind::generic;
    return "Not stored: " + sentence(error.what());
}

DialogState::View DialogState::view_of(const Settings& settings) const {
    View view;
    view.score = session_.score();
    view.crops = session_.crops(settings);
    const Heatmap map = enlarged(session_.map(settings.map), resized(session_.picture(), preview_size_));
    view.limit = map_limit(map);
    view.map = overlay_layer(map, has_colour_);
    view.reasons = plugin::reasons_text(session_.reasons());
    if (const UserProfile* profile = session_.person().profile()) {
        view.person = plugin::person_text(*profile, view.score);
        view.rating = session_.own_rating();
        if (view.rating) view.person += "\nYour rating of this photo: " + std::to_string(*view.rating);
    }
    return view;
}

/// Another choice of what is judged: the photo is read anew where it is another one then.
void DialogState::look_again(Settings& wanted) {
    const bool visible = judges_visible();
    wanted.keep.clear();
    wanted = looked_at(host_, wanted);
    settings_.source = wanted.source;
    if (host_.photo() == photo_ && judges_visible() == visible) return;
    photo_ = host_.photo();
    ++round_;
    picture_.reset();
    reader_.reset();
    try {
        check_photo(host_);
    } catch (const Error& error) {
        return fail(sentence(error.what()));
    }
    view_.reset();
    failed_ = false;
    status_ = "Reading the photo…";
    waiting_ = true;
    preview_size_ = preview_of(size_of(photo_));
    ask([&](Request& request) {
        request.settings = wanted;
        request.photo = size_of(photo_);
        request.picture.reset();
        request.round = round_;
    });
}

void DialogState::start_reading(Size needed) {
    const bool reading = reader_.has_value();
    reader_.emplace(size_of(photo_), needed);
    if (!reading) tell([this] { read_on(); });
}

void DialogState::read_on() try {
    if (!reader_) return;  // something else is to be judged by now
    if (reader_->read_some(host_)) {
        tell([this] { read_on(); });
        return;
    }
    const Image picture = reader_->picture();
    reader_.reset();
    picture_ = resized(picture, preview_size_);
    if (!failed_) status_ = "Looking at the photo…";
    ask([&](Request& request) { request.picture = picture; });
    changed_();
} catch (const Error& error) {
    reader_.reset();
    status_ = sentence(error.what());
    failed_ = true;
    changed_();
}

std::vector<std::uint8_t> DialogState::preview() const {
    if (!picture_) return {};
    if (!view_ || plain_) return {picture_->pixels().begin(), picture_->pixels().end()};
    const Image shown = under_map(*picture_, view_->map, settings_.opacity);
    std::vector<std::uint8_t> rgb(shown.pixels().begin(), shown.pixels().end());
    const CropCandidate& crop = view_->crops.crops[settings_.chosen - 1];
    draw_crop(rgb, preview_size_, normalized(crop.box, size_of(photo_)), crop.copy);
    return rgb;
}

std::string DialogState::score_text() const {
    return view_ ? plugin::score_text(view_->score, has_profile()) : "";
}

std::string DialogState::person_text() const {
    return view_ ? view_->person : "";
}

std::string DialogState::reasons_text() const {
    return view_ ? view_->reasons : "";
}

std::string DialogState::crop_title() const {
    return view_ ? plugin::crop_title(settings_.chosen - 1, view_->crops.crops.size()) : "";
}

std::string DialogState::crop_text() const {
    if (!view_) return "";
    const std::string advice = view_->crops.leave_it ? "\nThe photo is best as it is; this comes next." : "";
    return plugin::crop_text(view_->crops.crops[settings_.chosen - 1]) + advice;
}

std::string DialogState::legend_low() const {
    return view_ ? points(-view_->limit) : "";
}

std::string DialogState::legend_high() const {
    return view_ ? points(view_->limit) : "";
}

}  // namespace piaa::plugin
