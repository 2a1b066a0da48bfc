// What the window "Teach it" says.

#include <cmath>

#include "actions/teach_state.h"
#include "actions/words.h"

namespace piaa::plugin {
namespace {

std::string counted(const char* one, const char* many, std::size_t number) {
    return filled(tr_n(one, many, number), static_cast<unsigned long>(number));
}

/// plus: what stands before what is not negative.
std::string signed_number(double value, int digits, const char* plus = "+") {
    return filled("%s%.*f", value < 0 ? "−" : plus, digits, std::abs(value));
}

/// How the last answer moved a number, as far as one can see it in so many digits.
std::string moved(double from, double to, int digits) {
    if (std::abs(to - from) * std::pow(10, digits) < 0.5) return "";
    return filled(tr(" (%s just now)"), signed_number(to - from, digits).c_str());
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
    if (kind_ == QuestionKind::stars) return tr("How much do you like this picture, from 1 to 5?");
    return kind_ == QuestionKind::pair ? tr("Which do you prefer?")
                                       : tr("Drag them into your order, the best on the left.");
}

std::string TeachState::answers_text() const {
    const std::string answers = counted("%lu answer here", "%lu answers here", progress_.answers);
    const std::string ratings = counted("%lu rating", "%lu ratings", progress_.ratings);
    const std::string comparisons = counted("%lu comparison", "%lu comparisons", progress_.comparisons);
    return filled(tr("%s; in %s: %s, %s"), answers.c_str(), profile_.filename().c_str(), ratings.c_str(),
                  comparisons.c_str());
}

std::string TeachState::foreseen_text() const {
    if (progress_.compared == 0) return tr("told from the first comparison on");
    return filled(tr("%lu of %lu comparisons here"), static_cast<unsigned long>(progress_.foreseen),
                  static_cast<unsigned long>(progress_.compared));
}

std::string TeachState::agreement_text() const {
    if (!progress_.agreement) return tr("told from five ratings on");
    const Agreement& now = *progress_.agreement;
    const std::string text =
        filled(tr("%s (%s to %s), %s against everyone's score"), signed_number(now.value, 2, "").c_str(),
               signed_number(now.low, 2, "").c_str(), signed_number(now.high, 2, "").c_str(),
               signed_number(now.gain, 2).c_str());
    return earlier_.agreement ? text + moved(earlier_.agreement->value, now.value, 2) : text;
}

std::string TeachState::trust_text() const {
    return filled(tr("%.1f %%"), 100 * progress_.trust) +
           moved(100 * earlier_.trust, 100 * progress_.trust, 1);
}

}  // namespace piaa::plugin
