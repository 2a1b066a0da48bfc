#include "explanation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include <piaa/attributes.h>

#include "escape.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

constexpr const char* place_names[9] = {"top left", "top",         "top right", "left",        "middle",
                                        "right",    "bottom left", "bottom",    "bottom right"};
constexpr double worth_a_word = 0.05;  ///< points below this are not spoken of
constexpr double unusual = 1.25;       ///< standard deviations from the average photo

double rounded(double value) {
    return std::round(value * 1e4) / 1e4;
}

/// What each field of a 3x3 grid adds to the score; together the mean of the map.
Json places_of(const Heatmap& map) {
    double sums[9] = {};
    for (int y = 0; y < map.size.height; ++y)
        for (int x = 0; x < map.size.width; ++x)
            sums[3 * (3 * y / map.size.height) + 3 * x / map.size.width] += map.at(x, y);
    Json places = Json::array();
    for (int i = 0; i < 9; ++i)
        places.push_back({{"place", place_names[i]},
                          {"points", rounded(sums[i] / static_cast<double>(map.values.size()))}});
    std::stable_sort(places.begin(), places.end(),
                     [](const Json& a, const Json& b) { return a["points"] > b["points"]; });
    return places;
}

Json attributes_of(const Features& features) {
    const AttributeNorms& norms = attribute_norms();
    Json attributes = Json::array();
    for (std::size_t i = 0; i < attribute_count; ++i)
        attributes.push_back(
            {{"name", attribute_name(static_cast<Attribute>(i))},
             {"value", rounded(features.attributes[i])},
             {"usual", rounded(norms.mean[i])},
             {"deviations", rounded((features.attributes[i] - norms.mean[i]) / norms.deviation[i])}});
    const auto size = [](const Json& a) { return std::abs(a["deviations"].get<double>()); };
    std::stable_sort(attributes.begin(), attributes.end(),
                     [&](const Json& a, const Json& b) { return size(a) > size(b); });
    return attributes;
}

double constant(const Heatmap& map, const std::string& name) {
    for (const ScorePart& part : map.constants)
        if (part.name == name) return part.points;
    return 0;
}

std::string number(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// "top (+0.31), left (+0.12)": those on the wanted side of zero, the largest first, three at most.
std::string listed(const Json& parts, const char* name, int sign) {
    std::vector<Json> chosen;
    for (const Json& part : parts)
        if (sign * part["points"].get<double>() >= worth_a_word) chosen.push_back(part);
    std::stable_sort(chosen.begin(), chosen.end(), [&](const Json& a, const Json& b) {
        return sign * a["points"].get<double>() > sign * b["points"].get<double>();
    });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, chosen.size()); ++i)
        text += (i ? ", " : "") + chosen[i][name].get<std::string>() + " (" +
                number("%+.2f", chosen[i]["points"].get<double>()) + ")";
    return text;
}

void add_line(std::string& text, const std::string& beginning, const std::string& list) {
    if (!list.empty()) text += beginning + list + "\n";
}

}  // namespace

Json explanation(const std::string& path, const Score& score, const Features& features, const Heatmap& map,
                 const Heatmap* difference) {
    Json result = {{"path", percent_escaped(path)},
                   {"score", rounded(score.score)},
                   {"generic", rounded(score.generic)},
                   {"flags", score.flags.names()},
                   {"average_photo", rounded(constant(map, "average photo"))},
                   {"places", places_of(map)},
                   {"attributes", attributes_of(features)}};
    if (!difference) return result;
    Json attributes = Json::array();
    for (const ScorePart& part : difference->constants)
        if (part.name != "average photo")
            attributes.push_back({{"name", part.name}, {"points", rounded(part.points)}});
    result["taste"] = {{"average_photo", rounded(constant(*difference, "average photo"))},
                       {"places", places_of(*difference)},
                       {"attributes", std::move(attributes)}};
    return result;
}

std::string explanation_text(const Json& explanation) {
    std::string text = printable(explanation["path"].get<std::string>()) + ": " +
                       number("%.2f", explanation["score"].get<double>()) + " of 10";
    if (explanation.contains("taste"))
        text += " for this person, " + number("%.2f", explanation["generic"].get<double>()) +
                " for people in general";
    text += ".\n";
    text += "  An average photo has " + number("%.2f", explanation["average_photo"].get<double>()) + ".\n";
    add_line(text, "  Raise it: ", listed(explanation["places"], "place", 1));
    add_line(text, "  Lower it: ", listed(explanation["places"], "place", -1));

    std::string more, less;
    for (const Json& attribute : explanation["attributes"]) {
        const double deviations = attribute["deviations"].get<double>();
        if (std::abs(deviations) < unusual) break;
        std::string& list = deviations > 0 ? more : less;
        list += (list.empty() ? "" : ", ") + attribute["name"].get<std::string>();
    }
    add_line(text, "  More than usual: ", more);
    add_line(text, "  Less than usual: ", less);
    if (explanation.contains("taste")) {
        const Json& taste = explanation["taste"];
        add_line(text, "  This person likes better than others: ", listed(taste["places"], "place", 1));
        add_line(text, "  This person likes less than others: ", listed(taste["places"], "place", -1));
        add_line(text, "  Gains with this person: ", listed(taste["attributes"], "name", 1));
        add_line(text, "  Loses with this person: ", listed(taste["attributes"], "name", -1));
    }
    return text;
}

}  // namespace piaa::cli
