#include "actions/texts.h"

#include <cctype>
#include <cmath>
#include <cstdio>

namespace piaa::plugin {
namespace {

std::string number(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

std::string large_first(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

constexpr std::size_t enough_ratings = 5;

/// What a crop fails to do, in words.
std::string shortcoming(const std::string& violation) {
    if (violation == "min_pixels") return "has fewer pixels than the format asks for";
    if (violation == "blank") return "the room for text is not calm";
    if (violation == "keep") return "cuts off something to be kept";
    if (violation == "margin") return "what should be kept comes close to the border";
    if (violation == "min_kept") return "keeps less of the photo than the format asks for";
    return violation;
}

}  // namespace

std::string score_text(const Score& score, bool personal) {
    std::string text = number("%.1f of 10", score.score);
    if (score.stars) {
        text += "  ";
        for (int star = 1; star <= 5; ++star) text += star <= *score.stars ? "★" : "☆";
    }
    if (personal) text += number("\nPeople in general: %.1f", score.generic);
    return text;
}

std::string reasons_text(const Reasons& reasons) {
    std::vector<std::string> sentences = in_words(reasons);
    sentences.erase(sentences.begin());
    return joined(sentences, "\n");
}

std::string crop_title(std::size_t index, std::size_t count) {
    return "Crop " + std::to_string(index + 1) + " of " + std::to_string(count);
}

std::string crop_text(const CropCandidate& crop) {
    std::string text = number("Framing %.0f %%", 100 * crop.score) +
                       number(" (whole photo %.0f %%), ", 100 * (crop.score - crop.margin_over_full)) +
                       std::to_string(crop.box.width) + " × " + std::to_string(crop.box.height) +
                       number(" px, keeps %.0f %%", 100 * crop.kept);
    if (!crop.reasons.empty()) text.append("\n").append(large_first(joined(crop.reasons, "; ")));
    for (const std::string& violation : crop.violations)
        text.append("\nBut: ").append(shortcoming(violation));
    return text;
}

std::string map_layer_name(HeatmapKind kind, bool colour) {
    const std::string name = kind == HeatmapKind::generic    ? "everyone's eye"
                             : kind == HeatmapKind::personal ? "your eye"
                                                             : "what you see differently";
    return "Heatmap: " + name + (colour ? "" : " (light raises, dark lowers)");
}

std::string person_text(const UserProfile& profile, const Score& score) {
    std::size_t ratings = 0;
    for (const Event& event : profile.events()) ratings += event.gesture == Gesture::rating;
    std::string text = std::to_string(ratings) + (ratings == 1 ? " rating" : " ratings");
    if (ratings < enough_ratings)
        return text + ", " + std::to_string(enough_ratings - ratings) + " more until they help";
    if (score.trust <= 0) return text + ", which say nothing of this photo yet";
    return text + number(", trusted %.0f %%", 100 * score.trust);
}

std::string sentence(const std::string& error) {
    std::string text = error;
    // A message that begins with a file's name keeps it as it is.
    const auto first_word = text.substr(0, text.find(' '));
    if (first_word.find_first_of("./:") == std::string::npos) text = large_first(text);
    if (!text.empty() && text.back() != '.') text += '.';
    return text;
}

}  // namespace piaa::plugin
