#include "actions/dialog_state.h"

#include <algorithm>
#include <utility>

#include <boost/filesystem/operations.hpp>

#include "actions/overlay.h"
#include "actions/profiles.h"
#include "actions/texts.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

constexpr int map_side = 640;  ///< of the map's pixels in the preview

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

}  // namespace

DialogState::DialogState(Host& host, const Settings& settings, Post post, std::function<void()> changed)
    : host_(host),
      start_(usable(settings)),
      settings_(looked_at(host, start_)),
      post_(std::move(post)),
      changed_(std::move(changed)),
      has_colour_(host.has_colour()),
      has_selection_(host.selection().width > 0),
      shows_more_than_layer_(host.shows_more_than_layer()),
      photo_(host.photo()),
      session_(size_of(photo_)) {
    enqueue([this](Request& request) { request.settings = settings_; });
    thread_ = std::thread([this] { run_worker(); });
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
            wanted.format == settings_.format && wanted.text_area == settings_.text_area &&
            wanted.keep_heads == settings_.keep_heads && wanted.straighten == settings_.straighten &&
            wanted.profile == settings_.profile;
        if (!crops_stay || wanted.keep != settings_.keep) wanted.chosen = 1;
        wanted.chosen = std::min(wanted.chosen, wanted.count);
        ask(wanted);
    }
    settings_ = wanted;
    changed_();
}

void DialogState::ask(const Settings& wanted) {
    if (failure_ == Failure::photo) return;  // until another choice of what is judged mends it
    enqueue([&](Request& request) { request.settings = wanted; });
    waiting_ = true;
    if (!failed()) return;
    failure_ = Failure::none;
    status_ = tr("Looking at the photo…");
}

std::vector<Remedy> DialogState::remedies() const {
    if (failure_ == Failure::none) return {};
    if (failure_ == Failure::photo) return {Remedy::all_visible};
    if (has_profile()) return {Remedy::everyone, Remedy::another_profile, Remedy::once_more};
    return {Remedy::once_more};
}

void DialogState::take(Remedy remedy) {
    Settings wanted = settings_;
    if (remedy == Remedy::everyone) wanted.profile.clear();
    if (remedy == Remedy::all_visible) {
        wanted.source = source_for(true);
        wanted.selection = SelectionUse::nothing;
    }
    if (remedy == Remedy::once_more) ask(wanted);
    change(wanted);
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

void DialogState::keep(const std::optional<Box>& drawn) {
    Settings wanted = settings_;
    if (drawn_) wanted.keep.pop_back();
    drawn_ = drawn;
    if (drawn_) wanted.keep.push_back(*drawn_);
    change(wanted);
}

void DialogState::choose_all(Settings wanted) {
    drawn_.reset();
    look_again(wanted);
    change(wanted);
}

void DialogState::reset_to_start() {
    choose_all(start_);
}

void DialogState::reset() {
    Settings usual;
    usual.profile = settings_.profile;
    usual.map = usual.profile.empty() ? HeatmapKind::generic : HeatmapKind::personal;
    choose_all(usual);
}

void DialogState::load_saved() {
    choose_all(usable(saved_settings()));
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
    enqueue([&](Request& request) {
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

void DialogState::enqueue(std::function<void(Request&)> add) {
    {
        const std::lock_guard lock(mutex_);
        add(request_);
        request_.of_dialog = true;
        requested_ = true;
    }
    asked_.notify_all();
}

/// From any thread: to be done in the main thread, unless the dialog has ended.
void DialogState::post_to_ui(std::function<void()> work) {
    post_([alive = alive_, work = std::move(work)] {
        if (*alive) work();
    });
}

void DialogState::run_worker() {
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
        for (const auto& work : request.work) post_to_ui(work(session_));
        if (!request.of_dialog) continue;
        try {
            handle(request, asked);
        } catch (const std::exception& error) {
            asked.ratings.clear();
            post_to_ui([this, round = asked.round, text = sentence(error.what())] {
                if (round == round_) fail(text, Failure::engine);
            });
        }
    }
}

void DialogState::fail(const std::string& why, Failure failure) {
    status_ = why;
    failure_ = failure;
    const bool of_profile = has_profile() && why.starts_with(settings_.profile.string());
    if (failure == Failure::engine && !of_profile)
        status_.append(" ").append(tr("If a part of the program is missing or damaged, install it again."));
    view_.reset();
    waiting_ = false;
    changed_();
}

void DialogState::handle(Request& request, Asked& asked) {
    if (request.settings) asked.settings = *request.settings;
    if (request.photo) {
        session_.see_another(*request.photo);
        asked.round = request.round;
    }
    asked.ratings.insert(asked.ratings.end(), request.ratings.begin(), request.ratings.end());
    const bool profile_to_be_made =
        !asked.ratings.empty() && !boost::filesystem::exists(asked.settings.profile);
    session_.set_profile(profile_to_be_made ? boost::filesystem::path() : asked.settings.profile);
    if (request.picture) session_.analyse(*request.picture, std::move(request.detail));
    const std::string problem = give(asked);
    if (session_.needs_photo()) {
        post_to_ui([this, round = asked.round, needed = session_.needed()] {
            if (round == round_) start_reading(needed);
        });
        session_.open_runtime();
        return;
    }
    session_.straighten(asked.settings);
    View view = view_of(asked.settings);
    if (!problem.empty()) view.person += (view.person.empty() ? "" : "\n") + problem;
    const std::vector<CropCandidate> crops = view.crops.crops;
    post_to_ui([this, view = std::move(view), given = asked.settings, problem, round = asked.round] {
        if (round != round_) return;
        if (!problem.empty()) {  // a profile that could not be made is not chosen
            settings_.profile = given.profile;
            settings_.map = given.map;
        }
        view_ = view;
        failure_ = Failure::none;
        status_.clear();
        waiting_ = asked_of_engine(given) != asked_of_engine(settings_);
        settings_.chosen = std::min<int>(settings_.chosen, static_cast<int>(view_->crops.crops.size()));
        changed_();
    });
    score_crops(asked, crops);
}

bool DialogState::is_asked() {
    const std::lock_guard lock(mutex_);
    return stop_ || requested_;
}

/// After the answer, which does not wait for it: what each crop would score, one after the other, until
/// something else is asked.
void DialogState::score_crops(Asked& asked, const std::vector<CropCandidate>& crops) {
    for (std::size_t i = 0; i < crops.size() && !is_asked(); ++i)
        post_to_ui(
            [this, i, score = session_.crop_score(crops[i].box), box = crops[i].box, round = asked.round] {
                if (round != round_ || !view_ || i >= view_->crops.crops.size() ||
                    view_->crops.crops[i].box != box)
                    return;
                view_->crop_scores[i] = score;
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
    return filled(tr("Not stored: %s"), sentence(error.what()).c_str());
}

DialogState::View DialogState::view_of(const Settings& settings) const {
    View view;
    view.score = session_.score();
    view.crops = session_.crops(settings);
    view.angle = session_.angle();
    view.keeps_tilt = session_.keeps_tilt();
    view.crop_scores.resize(view.crops.crops.size());
    const Heatmap map = guided_upsampling(session_.map(settings.map), fitted(session_.picture(), map_side));
    view.limit = map_limit(map, settings.fit_colours);
    view.map = overlay_layer(map, has_colour_, view.limit);
    const Listener listener = listener_of(session_.person().file());
    view.reasons = plugin::reasons_text(session_.reasons(), listener);
    if (const UserProfile* profile = session_.person().profile()) {
        view.person = plugin::person_text(*profile, view.score);
        view.rating = session_.own_rating();
        if (view.rating) view.person += "\n" + rating_text(*view.rating, listener);
    }
    return view;
}

}  // namespace piaa::plugin
