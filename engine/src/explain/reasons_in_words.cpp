#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <piaa/reasons.h>

#include "io/words.h"

namespace piaa {
namespace {

constexpr double worth_a_word = 0.05;           ///< points below this are not spoken of
constexpr double attribute_worth_a_word = 0.1;  ///< what goes with a score is less sure than what makes it
constexpr std::size_t most_words = 3;           ///< parts named in one sentence

/// Much of an attribute, and little of it.
constexpr std::array<std::array<const char*, 2>, attribute_count> phrases{{
    {marked("strong colours"), marked("few colours")},
    {marked("saturated colours"), marked("muted colours")},
    {marked("high contrast"), marked("low contrast")},
    {marked("a bright picture"), marked("a dark picture")},
    {marked("crisp detail"), marked("soft detail")},
    {marked("detail gathered in the middle"), marked("detail away from the middle")},
    {marked("the subject on a third"), marked("the subject off the thirds")},
    {marked("symmetry"), marked("little symmetry")},
    {marked("colours that go together"), marked("colours that clash")},
    {marked("a calm background"), marked("a busy background")},
    {marked("warm colours"), marked("cold colours")},
    {marked("a large subject"), marked("a small subject")},
    {marked("the subject at the right"), marked("the subject at the left")},
    {marked("the subject low in the frame"), marked("the subject high in the frame")},
}};

struct Part {
    std::string name;
    double points;
};

std::string number(const char* format, double value) {
    char text[256];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// "top (+0.31), left (+0.12) and right (+0.10)": those on the wanted side of zero, the largest first.
std::string listed(std::vector<Part> parts, int sign, double least = worth_a_word) {
    std::erase_if(parts, [&](const Part& part) { return sign * part.points < least; });
    std::stable_sort(parts.begin(), parts.end(),
                     [&](const Part& a, const Part& b) { return sign * a.points > sign * b.points; });
    if (parts.size() > most_words) parts.resize(most_words);
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += i + 1 == parts.size() ? tr(" and ") : ", ";
        text += parts[i].name + " (" + number("%+.2f", parts[i].points) + ")";
    }
    return text;
}

std::vector<Part> parts_of(const std::vector<PlaceReason>& places) {
    std::vector<Part> parts;
    for (const PlaceReason& place : places) parts.push_back({tr(place.place.c_str()), place.points});
    return parts;
}

bool is_of_colour(Attribute attribute) {
    return attribute == Attribute::colourfulness || attribute == Attribute::saturation ||
           attribute == Attribute::colour_harmony || attribute == Attribute::warmth;
}

/// A photo in black and white does not lose by muted colours.
bool has_colours(const std::vector<AttributeReason>& attributes) {
    constexpr double grey = 0.005;
    return std::none_of(attributes.begin(), attributes.end(), [](const AttributeReason& reason) {
        return reason.attribute == Attribute::saturation && reason.value < grey;
    });
}

/// Without the subject's size: what stands out is seldom as large as what people call the subject.
std::vector<Part> parts_of(const std::vector<AttributeReason>& attributes, double AttributeReason::*points) {
    std::vector<Part> parts;
    const bool coloured = has_colours(attributes);
    for (const AttributeReason& reason : attributes)
        if (reason.attribute != Attribute::salient_size && (coloured || !is_of_colour(reason.attribute)))
            parts.push_back({in_words(reason.attribute, reason.deviations > 0), reason.*points});
    return parts;
}

void add(std::vector<std::string>& sentences, const std::string& beginning, const std::string& list) {
    if (!list.empty()) sentences.push_back(beginning + list + ".");
}

/// What is said of a person's taste.
struct TasteWords {
    const char* score;
    const char* gives_more;
    const char* gives_less;
    const char* likes_better;
    const char* likes_less;
    const char* speaks_for;
    const char* speaks_against;
    const char* nothing;
};

constexpr TasteWords to_anybody{"%.2f of 10 for this person, ",
                                marked("Whatever the place, this person gives more than others (%+.2f)."),
                                marked("Whatever the place, this person gives less than others (%+.2f)."),
                                marked("This person likes better than others: "),
                                marked("This person likes less than others: "),
                                marked("Their taste speaks for it: "),
                                marked("Their taste speaks against it: "),
                                marked("This person sees nothing in it much differently from others.")};

constexpr TasteWords to_the_person{"%.2f of 10 for you, ",
                                   marked("Whatever the place, you give more than others (%+.2f)."),
                                   marked("Whatever the place, you give less than others (%+.2f)."),
                                   marked("You like better than others: "),
                                   marked("You like less than others: "),
                                   marked("Your taste speaks for it: "),
                                   marked("Your taste speaks against it: "),
                                   marked("You see nothing in it much differently from others.")};

/// What this person sees differently.
void add_taste(std::vector<std::string>& sentences, const Reasons& reasons, const TasteWords& words) {
    const std::size_t before = sentences.size();
    const auto places = parts_of(reasons.taste_places);
    const auto attributes = parts_of(reasons.attributes, &AttributeReason::taste);
    // Somebody who rates low gives less to places that they like more than others do.
    if (std::abs(reasons.taste_elsewhere) >= attribute_worth_a_word)
        sentences.push_back(number(tr(reasons.taste_elsewhere > 0 ? words.gives_more : words.gives_less),
                                   reasons.taste_elsewhere));
    add(sentences, tr(words.likes_better), listed(places, 1));
    add(sentences, tr(words.likes_less), listed(places, -1));
    add(sentences, tr(words.speaks_for), listed(attributes, 1, attribute_worth_a_word));
    add(sentences, tr(words.speaks_against), listed(attributes, -1, attribute_worth_a_word));
    if (sentences.size() == before) sentences.emplace_back(tr(words.nothing));
}

}  // namespace

std::string in_words(Attribute attribute, bool much) {
    return tr(phrases.at(static_cast<std::size_t>(attribute))[much ? 0 : 1]);
}

std::vector<std::string> in_words(const Reasons& reasons, Listener listener) {
    const TasteWords& words = listener == Listener::the_person ? to_the_person : to_anybody;
    std::vector<std::string> sentences;
    const std::string generic = number("%.2f", reasons.score.generic);
    sentences.push_back(reasons.personal
                            ? number(words.score, reasons.score.score) + generic + " for people in general"
                            : generic + " of 10");
    sentences.back() += "; an average photo has " + number("%.2f", reasons.average) + ".";
    if (!reasons.score.flags.empty()) {
        std::string flags;
        for (const std::string& name : reasons.score.flags.names())
            flags += (flags.empty() ? "" : ", ") + name;
        sentences.push_back(tr("It does not look like a photo, so the score means little: ") + flags + ".");
    } else if (reasons.unlike_training) {
        sentences.emplace_back(
            tr("It is unlike the photos that the model learned from, so the score is less sure."));
    }
    const auto places = parts_of(reasons.places);
    const auto whole = [&] {
        sentences.push_back(number(reasons.whole > 0 ? tr("The photo as a whole raises the score (%+.2f), "
                                                          "which no place shows; what places add is "
                                                          "in part an estimate.")
                                                     : tr("The photo as a whole lowers the score (%+.2f), "
                                                          "which no place shows; what places add is "
                                                          "in part an estimate."),
                                   reasons.whole));
    };
    const bool whole_first = std::none_of(places.begin(), places.end(), [&](const Part& part) {
        return std::abs(part.points) > std::abs(reasons.whole);
    });
    if (reasons.whole != 0 && whole_first) whole();
    add(sentences, tr("Places that raise the score: "), listed(places, 1));
    add(sentences, tr("Places that lower it: "), listed(places, -1));
    if (reasons.whole != 0 && !whole_first) whole();
    const auto attributes = parts_of(reasons.attributes, &AttributeReason::points);
    add(sentences, tr("Gains by: "), listed(attributes, 1, attribute_worth_a_word));
    add(sentences, tr("Loses by: "), listed(attributes, -1, attribute_worth_a_word));
    if (reasons.personal) add_taste(sentences, reasons, words);
    return sentences;
}

}  // namespace piaa
