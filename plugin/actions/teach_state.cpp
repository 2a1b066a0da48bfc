#include "actions/teach_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <piaa/content_id.h>

#include "actions/result.h"
#include "actions/texts.h"

namespace piaa::plugin {
namespace {

constexpr std::size_t most_parts = 16;
constexpr std::size_t most_others = 24;
constexpr int longest_side = 900;  ///< of a picture as it is shown

/// No larger than is shown.
Size shown_size(double width, double height) {
    const double scale = std::min(1.0, longest_side / std::max(width, height));
    return {std::max(1, static_cast<int>(std::lround(width * scale))),
            std::max(1, static_cast<int>(std::lround(height * scale)))};
}

}  // namespace

TeachState::TeachState(DialogState& dialog, Host& host, std::function<void()> changed)
    : dialog_(dialog), host_(host), changed_(std::move(changed)) {
    dialog_.choose_own_profile();
    proceed();
}

TeachState::~TeachState() {
    *alive_ = false;
}

void TeachState::proceed() {
    if (begun_) return;
    if (dialog_.failed()) return fail(dialog_.status());
    if (dialog_.ready()) begin();
}

/// Runs `work` in the engine's thread and what it returns here; a failure becomes a sentence.
void TeachState::in_engine(std::function<Then(Session&)> work) {
    dialog_.ask_engine([this, alive = alive_, work = std::move(work)](Session& session) -> Then {
        Then then;
        try {
            then = work(session);
        } catch (const std::exception& error) {
            then = [this, why = sentence(error.what())] { fail(why); };
        }
        return [alive, then] {
            if (*alive) then();
        };
    });
}

void TeachState::begin() {
    begun_ = true;
    profile_ = dialog_.taught_profile();
    others_.clear();
    for (auto& other : host_.other_photos())
        if (others_.size() < most_others) others_.push_back(std::move(other));
    in_engine([this, room = room_, settings = dialog_.settings()](Session& session) -> Then {
        const PersonalModel& person = session.person();
        require_comparisons(person);
        room->prior = person.is_personal() ? *person.prior() : load_prior(person.model());
        return [this, parts = session.varied_crops(settings, most_parts)] {
            parts_.assign(parts.begin(), parts.end());
            to_look_at_ = parts_.size() + others_.size();
            look_on();
        };
    });
}

/// One picture after the other, so that the window can be closed in between.
void TeachState::look_on() {
    changed_();
    if (!parts_.empty()) {
        const PixelBox part = parts_.front();
        parts_.pop_front();
        look_at_part(part);
    } else if (!others_.empty()) {
        look_at_other();
    } else {
        begin_questions();
    }
}

void TeachState::look_at_part(const PixelBox& box) {
    const Image& photo = dialog_.photo_picture();
    const Box part = normalized(box, dialog_.photo_size());
    look_at(part_of(photo, part, shown_size(part.width * photo.width(), part.height * photo.height())),
            [box](Session& session) { return session.features_of(box); });
}

void TeachState::look_at_other() {
    try {
        others_.front()->look_at(true, false);
        check_photo(*others_.front());
    } catch (const Error&) {  // too small, or gone
        others_.pop_front();
        return look_on();
    }
    const PixelBox place = others_.front()->photo();
    in_engine([this, size = size_of(place)](Session& session) -> Then {
        return [this, size, needed = session.needed(size)] {
            reader_.emplace(size, needed);
            read_on();
        };
    });
}

void TeachState::read_on() {
    try {
        if (reader_->read_some(*others_.front()))
            return dialog_.later([this, alive = alive_] {
                if (*alive) read_on();
            });
    } catch (const Error&) {  // somebody has closed it
        others_.pop_front();
        return look_on();
    }
    const Image picture = reader_->picture();
    const Image detail = reader_->detail();
    others_.pop_front();
    look_at(resized(detail, shown_size(detail.width(), detail.height())), [picture](Session& session) {
        return extract_features(session.person().model(), std::span(&picture, 1)).front();
    });
}

/// A picture that cannot be told from one before is not asked about: the profile takes both for one photo.
void TeachState::look_at(const Image& picture, std::function<Features(Session&)> see) {
    ++looked_at_;
    in_engine([this, room = room_, picture, see = std::move(see)](Session& session) -> Then {
        const Features features = see(session);
        const bool is_new =
            std::none_of(room->photos.begin(), room->photos.end(), [&](const LessonPhoto& photo) {
                return photo.content_id == features.content_id ||
                       same_photo(photo.content_id, features.content_id);
            });
        if (is_new)
            room->photos.push_back(
                {"", features.content_id, feature_row(session.person().model(), *room->prior, features)});
        return [this, picture, is_new] {
            if (is_new) pictures_.push_back(picture);
            look_on();
        };
    });
}

void TeachState::begin_questions() {
    ask([room = room_, profile = profile_](Session& session) {
        room->lesson.emplace(session.person(), profile, *room->prior, room->photos);
    });
}

/// Changes the lesson, then asks what comes next.
void TeachState::ask(std::function<void(Session&)> change) {
    busy_ = true;
    problem_.clear();
    changed_();
    in_engine([this, room = room_, change = std::move(change), kind = kind_](Session& session) -> Then {
        if (change) change(session);
        return
            [this, news = News{kind, room->lesson->question(kind), room->lesson->progress()}] { take(news); };
    });
}

void TeachState::take(const News& news) {
    if (!asking_ || news.progress.answers != progress_.answers)
        earlier_ = asking_ ? progress_ : news.progress;
    asking_ = true;
    progress_ = news.progress;
    if (news.kind != kind_) return ask();  // another one was chosen meanwhile
    shown_ = news.question;
    busy_ = false;
    changed_();
}

void TeachState::fail(const std::string& why) {
    problem_ = why;
    busy_ = false;
    changed_();
}

void TeachState::choose(QuestionKind kind) {
    if (kind == kind_) return;
    kind_ = kind;
    shown_.clear();
    if (asking_ && !busy_) ask();
}

void TeachState::prefer(std::size_t side) {
    if (!asks() || kind_ != QuestionKind::pair) return;
    if (side == 1) std::swap(shown_[0], shown_[1]);
    take_order();
}

void TeachState::move(std::size_t from, std::size_t to) {
    if (!asks() || from >= shown_.size() || to >= shown_.size()) return;
    const std::size_t moved = shown_[from];
    shown_.erase(shown_.begin() + static_cast<std::ptrdiff_t>(from));
    shown_.insert(shown_.begin() + static_cast<std::ptrdiff_t>(to), moved);
    changed_();
}

void TeachState::take_order() {
    if (asks() && kind_ != QuestionKind::stars) answer(0);
}

void TeachState::rate(int stars) {
    if (asks() && kind_ == QuestionKind::stars) answer(stars);
}

void TeachState::answer(int stars) {
    has_answered_ = true;
    ask([room = room_, kind = kind_, photos = shown_, stars](Session& session) {
        room->lesson->answer(kind, photos, stars);
        session.go_on_with(room->lesson->person());
    });
}

void TeachState::skip() {
    if (!asks()) return;
    ask([room = room_, photos = shown_](Session&) { room->lesson->skip(photos); });
}

void TeachState::undo() {
    if (!can_undo()) return;
    ask([room = room_](Session& session) {
        if (room->lesson->undo()) session.go_on_with(room->lesson->person());
    });
}

void TeachState::end() {
    *alive_ = false;
    if (!has_answered_) return;
    dialog_.ask_engine([&dialog = dialog_](Session& session) -> Then {
        return [&dialog, file = session.person().file()] {
            if (!file.empty()) dialog.was_taught(file);  // or no answer could be stored
        };
    });
}

std::vector<const Image*> TeachState::pictures() const {
    std::vector<const Image*> pictures;
    for (const std::size_t place : shown_) pictures.push_back(&pictures_[place]);
    return pictures;
}

double TeachState::foreseen() const {
    if (progress_.compared == 0) return 0;
    return static_cast<double>(progress_.foreseen) / static_cast<double>(progress_.compared);
}

double TeachState::agreement() const {
    return progress_.agreement ? std::max(0.0, progress_.agreement->value) : 0;
}

}  // namespace piaa::plugin
