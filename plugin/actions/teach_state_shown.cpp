// What the window "Teach it" says.

#include "actions/teach_state.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

std::string counted(const char* one, const char* many, std::size_t number) {
    return filled(tr_n(one, many, number), static_cast<unsigned long>(number));
}

}  // namespace

std::string TeachState::question_text() const {
    if (!asking_ && !problem_.empty()) return "";
    if (!asking_)
        return to_look_at_ == 0
                   ? tr("Reading the photo…")
                   : filled(tr("Looking at picture %lu of %lu…"), static_cast<unsigned long>(looked_at_),
                            static_cast<unsigned long>(to_look_at_));
    if (shown_.empty() && busy_) return "";
    if (shown_.empty() && kind_ == QuestionKind::order && pictures_.size() < Lesson::order_length)
        return tr("An order needs five pictures: open more photos in GIMP.");
    if (shown_.empty()) return tr("All has been asked: more open photos give more questions.");
    return kind_ == QuestionKind::pair ? tr("Which do you prefer?")
                                       : tr("Drag them into your order, the best on the left.");
}

std::string TeachState::answers_text() const {
    std::string text = counted("%lu answer here", "%lu answers here", progress_.answers);
    if (progress_.compared > 0)
        text += filled(tr("; %lu of %lu comparisons were foreseen"),
                       static_cast<unsigned long>(progress_.foreseen),
                       static_cast<unsigned long>(progress_.compared));
    const std::string ratings = counted("%lu rating", "%lu ratings", progress_.ratings);
    const std::string comparisons = counted("%lu comparison", "%lu comparisons", progress_.comparisons);
    return text + "\n" + filled(tr("In the profile: %s, %s"), ratings.c_str(), comparisons.c_str());
}

std::string TeachState::agreement_text() const {
    if (!progress_.agreement) return tr("told from five ratings on");
    return filled(tr("%.2f (%.2f to %.2f)"), progress_.agreement->value, progress_.agreement->low,
                  progress_.agreement->high);
}

std::string TeachState::trust_text() const {
    return filled(tr("%.1f %%"), 100 * progress_.trust);
}

}  // namespace piaa::plugin
