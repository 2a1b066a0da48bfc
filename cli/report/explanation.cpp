#include "report/explanation.h"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "console/escape.h"
#include "report/rounded.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

double to_four_decimals(double value) {
    return rounded(value, 1e4);
}

Json as_json(const std::vector<PlaceReason>& places) {
    Json all = Json::array();
    for (const PlaceReason& place : places)
        all.push_back({{"place", place.place}, {"points", to_four_decimals(place.points)}});
    return all;
}

Json as_json(const std::vector<AttributeReason>& attributes, bool personal) {
    Json all = Json::array();
    for (const AttributeReason& attribute : attributes) {
        all.push_back({{"name", attribute_name(attribute.attribute)},
                       {"value", to_four_decimals(attribute.value)},
                       {"usual", to_four_decimals(attribute.usual)},
                       {"deviations", to_four_decimals(attribute.deviations)},
                       {"points", to_four_decimals(attribute.points)}});
        if (personal) all.back()["taste"] = to_four_decimals(attribute.taste);
    }
    return all;
}

std::vector<std::string> sentences_of(const Reasons& reasons, std::optional<double> polish,
                                      const std::string& sharpness) {
    auto sentences = in_words(reasons);
    if (polish)
        sentences.push_back(fmt::format(
            "Polish, as LAION's head sees it: {:.1f} of 10; a small part of the score.", *polish));
    if (!sharpness.empty()) sentences.push_back(sharpness);
    return sentences;
}

}  // namespace

Json explanation(const std::string& path, const Reasons& reasons, std::optional<double> polish,
                 const std::string& sharpness) {
    Json result = {{"path", path},
                   {"score", to_four_decimals(reasons.score.score)},
                   {"generic", to_four_decimals(reasons.score.generic)},
                   {"flags", reasons.score.flags.names()},
                   {"unlike_training", reasons.unlike_training},
                   {"polish", polish ? Json(to_four_decimals(*polish)) : Json()},
                   {"average_photo", to_four_decimals(reasons.average)},
                   {"places", as_json(reasons.places)},
                   {"whole", to_four_decimals(reasons.whole)},
                   {"attributes", as_json(reasons.attributes, reasons.personal)},
                   {"rest", to_four_decimals(reasons.rest)}};
    if (reasons.personal)
        result["taste"] = {{"places", as_json(reasons.taste_places)},
                           {"elsewhere", to_four_decimals(reasons.taste_elsewhere)}};
    result["sentences"] = sentences_of(reasons, polish, sharpness);
    if (!sharpness.empty()) result["sharpness"] = sharpness;
    return result;
}

std::string explanation_text(const std::string& path, const Reasons& reasons, std::optional<double> polish,
                             const std::string& sharpness) {
    std::string text = printable(path) + "\n";
    for (const std::string& sentence : sentences_of(reasons, polish, sharpness))
        text += "  " + sentence + "\n";
    return text;
}

}  // namespace piaa::cli
