#include "crops/rank_formats.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

#include "report/rounded.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

constexpr double readable = 4.5;  // contrast of text of usual size, by WCAG 2
constexpr double broken = 0.25;   // what is left of a format for each constraint it breaks

double text_fit(const CropCandidate& crop) {
    double worst = 1;
    for (const TextArea& area : crop.copy)
        worst = std::min(worst, area.calmness * std::min(1.0, area.contrast / readable));
    return worst;
}

/// Whether the search found the room calm.
bool calm_enough(const CropCandidate& crop) {
    return std::count(crop.violations.begin(), crop.violations.end(), "blank") == 0;
}

FormatFit fit_of(const CropCandidate& crop, double framing) {
    FormatFit fit{.framing = framing, .text = text_fit(crop)};
    fit.fit = fit.framing * fit.text * std::pow(broken, crop.violations.size());
    std::vector<std::pair<double, std::string>> costs;
    for (const auto& violation : crop.violations) costs.emplace_back(broken, "cannot meet " + violation);
    if (fit.framing < 0.9) costs.emplace_back(fit.framing, "this format cuts into what the photo is about");
    const bool faint = std::any_of(crop.copy.begin(), crop.copy.end(),
                                   [](const TextArea& area) { return area.contrast < readable; });
    if (fit.text < 0.9)
        costs.emplace_back(fit.text, faint               ? "text would be hard to read on its room"
                                     : calm_enough(crop) ? "the room for text is not quite calm"
                                                         : "the room for text is busy");
    std::stable_sort(costs.begin(), costs.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [cost, reason] : costs) fit.reasons.push_back(std::move(reason));
    return fit;
}

}  // namespace

std::vector<FormatFit> fit_formats(const Model& model, const Features& features,
                                   std::span<const CropResult> results) {
    std::vector<Box> boxes;
    for (const CropResult& result : results)
        boxes.push_back(normalized(result.crops.front().box, features.photo));
    for (const CropCandidate& crop : find_crops(model, features, {.count = 1}).crops)
        boxes.push_back(normalized(crop.box, features.photo));
    boxes.push_back({0, 0, 1, 1});
    const auto framing = rate_crops(model, features, boxes);
    const double best = std::max(1e-9, *std::max_element(framing.begin(), framing.end()));
    std::vector<FormatFit> fits;
    for (std::size_t i = 0; i < results.size(); ++i)
        fits.push_back(fit_of(results[i].crops.front(), std::clamp(framing[i] / best, 0.0, 1.0)));
    return fits;
}

void rank_records(std::vector<Json>& records, std::span<const FormatFit> fits) {
    if (fits.empty()) return;
    std::vector<std::size_t> order(fits.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return fits[a].fit > fits[b].fit; });
    std::vector<Json> ranked;
    for (const std::size_t i : order) {
        Json& record = ranked.emplace_back(std::move(records[i]));
        record["rank"] = ranked.size();
        record["fit"] = rounded(fits[i].fit);
        record["fit_framing"] = rounded(fits[i].framing);
        record["fit_text"] = rounded(fits[i].text);
        record["fit_reasons"] = fits[i].reasons;
    }
    records = std::move(ranked);
}

}  // namespace piaa::cli
