#include <algorithm>
#include <cmath>
#include <cstdio>

#include <piaa/close_look.h>

namespace piaa {
namespace {

constexpr double worth_a_word = 0.2;  // points

std::string number(const char* format, double value) {
    char text[100];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string softness(const GroupPlace& place) {
    const char* const ways[] = {"from side to side", "from top left to bottom right", "up and down",
                                "from top right to bottom left"};
    const std::string detail =
        number("%.0f %% of the fine detail of the sharpest", 100 * std::exp2(-place.softest));
    if (place.shaken())
        return std::string("subject blurred ") + ways[place.direction] + ", as by movement: " + detail;
    return "subject " + std::string(place.out_of_focus() ? "out of focus: " : "softer: ") + detail;
}

/// What sets the best photo of several apart.
std::string praise(const GroupPlace& best, std::span<const GroupPlace> group) {
    double softness = 0, score = 0, faults = 0;  // of the others, in points
    for (const GroupPlace& place : group) {
        softness += place.softness_points() - best.softness_points();
        score += best.score - place.score;
        faults += place.clipping_points() + place.exposure_points() - best.clipping_points() -
                  best.exposure_points();
    }
    const double most = std::max({softness, score, faults});
    const std::string text = "best of " + std::to_string(group.size()) + ": ";
    if (most < worth_a_word * static_cast<double>(group.size() - 1)) return text + "all are much alike";
    if (most == softness) return text + "its subject is the sharpest";
    return text + (most == score ? "its score is the highest" : "its exposure is the most usual");
}

}  // namespace

std::string in_words(const GroupPlace& place, std::span<const GroupPlace> group) {
    const auto best =
        std::max_element(group.begin(), group.end(),
                         [](const GroupPlace& a, const GroupPlace& b) { return a.value < b.value; });
    if (best == group.end() || place.value >= best->value) return praise(place, group);
    if (!place.seen) return "could not be looked at closely";
    const double soft = place.softness_points() - best->softness_points();
    const double score = best->score - place.score;
    const double clipped = place.clipping_points() - best->clipping_points();
    const double exposure = place.exposure_points() - best->exposure_points();
    const double most = std::max({soft, score, clipped, exposure});
    if (most < worth_a_word) return "nearly as good as the best";
    if (most == soft) return softness(place);
    if (most == exposure)
        return place.exposure > 0 ? "brighter than most of them" : "darker than most of them";
    if (most == clipped) return number("%.0f %% without detail, black or white", 100 * place.clipped);
    return number("its score is lower by %.1f", score);
}

}  // namespace piaa
