#include "actions/texts.h"

#include <cctype>
#include <cmath>

#include "actions/words.h"

namespace piaa::plugin {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

std::string large_first(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

constexpr std::size_t enough_answers = 5;

/// What a crop fails to do, in words.
std::string shortcoming(const std::string& violation) {
    if (violation == "min_pixels") return tr("But it has fewer pixels than the format asks for");
    if (violation == "blank") return tr("But the room for text is not calm");
    if (violation == "keep") return tr("But it cuts off something to be kept");
    if (violation == "margin") return tr("But what is to be kept comes close to the border");
    if (violation == "min_kept") return tr("But it keeps less of the photo than the format asks for");
    return violation;
}

/// What the crop would score, beside the photo's own score on the same scale.
std::string worth(const Score& crop, const Score& photo) {
    const double difference = (std::round(10 * crop.score) - std::round(10 * photo.score)) / 10;
    std::string text = filled(tr("%.1f of 10"), crop.score);
    if (difference < 0) return text + filled(tr(", %.1f lower than the whole photo"), -difference);
    if (difference > 0) return text + filled(tr(", %.1f higher than the whole photo"), difference);
    return text + tr(", as the whole photo");
}

}  // namespace

std::string score_text(const Score& score, bool personal) {
    std::string text = filled(tr("%.1f of 10"), score.score);
    if (score.stars) {
        text += "  ";
        for (int star = 1; star <= 5; ++star) text += star <= *score.stars ? "★" : "☆";
    }
    if (personal) text += "\n" + filled(tr("People in general: %.1f"), score.generic);
    return text;
}

std::string reasons_text(const Reasons& reasons, Listener listener) {
    std::vector<std::string> sentences = in_words(reasons, listener);
    sentences.erase(sentences.begin());
    return joined(sentences, "\n");
}

std::string crop_title(std::size_t index, std::size_t count) {
    return filled(tr("Crop %d of %d"), static_cast<int>(index + 1), static_cast<int>(count));
}

std::string crop_text(const CropCandidate& crop, const std::optional<Score>& score, const Score& photo) {
    std::string text = score ? worth(*score, photo) : tr("… of 10");
    text += "\n" + filled(tr("Framing %.0f %% (whole photo %.0f %%), %d × %d px, %.0f %% of the area"),
                          100 * crop.score, 100 * (crop.score - crop.margin_over_full), crop.box.width,
                          crop.box.height, 100 * crop.kept);
    if (!crop.reasons.empty()) text.append("\n").append(large_first(joined(crop.reasons, "; ")));
    for (const std::string& violation : crop.violations) text.append("\n").append(shortcoming(violation));
    return text;
}

std::string level_text(double angle, bool keeps_tilt, bool guides) {
    if (keeps_tilt) return tr("Not levelled: that would cut off something to be kept");
    if (angle == 0) return tr("Not levelled: no lines say surely that the photo is tilted");
    const std::string text = filled(tr("Levelled by %.1f degrees"), std::abs(angle));
    return guides ? text + tr("; a path shows the crop, as guides cannot be turned") : text;
}

std::string map_layer_name(HeatmapKind kind, bool colour) {
    const char* name = kind == HeatmapKind::generic    ? tr("Heatmap: everyone's eye")
                       : kind == HeatmapKind::personal ? tr("Heatmap: the profile's eye")
                                                       : tr("Heatmap: what the profile sees differently");
    return colour ? name : filled(tr("%s (light raises, dark lowers)"), name);
}

std::string person_text(const UserProfile& profile, const Score& score) {
    unsigned long ratings = 0, comparisons = 0;
    for (const Feedback& event : profile.events())
        ++(event.kind == FeedbackKind::rating ? ratings : comparisons);
    std::string text = filled(tr_n("%lu rating", "%lu ratings", ratings), ratings);
    if (comparisons > 0)
        text += ", " + filled(tr_n("%lu comparison", "%lu comparisons", comparisons), comparisons);
    const double percent = std::round(100 * score.trust);
    if (percent > 0) return text + filled(tr(", trusted %.0f %%"), percent);
    if (ratings + comparisons >= enough_answers) return text + tr(", which say nothing of this photo yet");
    const unsigned long wanted = enough_answers - ratings - comparisons;
    return text + filled(tr_n(", %lu more until they help", ", %lu more until they help", wanted), wanted);
}

std::string rating_text(int stars, Listener listener) {
    return filled(listener == Listener::the_person ? tr("Your rating of this photo: %d")
                                                   : tr("This person's rating of this photo: %d"),
                  stars);
}

std::string map_text(HeatmapKind kind, Listener listener) {
    if (listener == Listener::the_person && kind == HeatmapKind::personal) return tr("Your eye");
    if (listener == Listener::the_person && kind == HeatmapKind::difference)
        return tr("What you see differently");
    return tr(map_choices()[static_cast<std::size_t>(kind)].label);
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
