#include <algorithm>
#include <cmath>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/level.h>
#include <piaa/whole_file.h>

#include "crop/tilt_evidence.h"
#include "io/installation.h"

namespace piaa {
namespace {

constexpr int least_side = 64;      ///< pixels; a smaller picture shows no line that tells half a degree
constexpr double most_tilt = 8;     ///< degrees
constexpr double least_turn = 0.7;  ///< degrees: below, a turn costs more pixels than it is worth
constexpr double sure = 0.8;        ///< see models/crop.md for what that lets through

const LineFinder& open_finder() {
    std::string reason;
    const auto* const finder = open_module<LineFinder>("lines", "piaa_line_finder", reason);
    if (finder == nullptr) throw Error(ErrorCode::io, "straight lines cannot be found: " + reason);
    return *finder;
}

}  // namespace

std::vector<LevelEdge> find_level_edges(const Image& picture) {
    static const LineFinder& finder = open_finder();
    if (std::min(picture.width(), picture.height()) < least_side) return {};
    return level_edges(picture, finder.find(picture));
}

LevelWeights load_level_weights() {
    const boost::filesystem::path file = data_folder() / "models" / "level.json";
    const auto bytes = read_whole_file(file, 1 << 16);
    const char* text = reinterpret_cast<const char*>(bytes.data());
    try {
        const auto json = nlohmann::json::parse(text, text + bytes.size());
        return {json.at("edge").get<std::array<double, edge_measures + 1>>(),
                json.at("tilt").get<std::array<double, tilt_measures + 1>>()};
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorCode::bad_model, file.string() + ": should hold " +
                                              std::to_string(edge_measures + 1) + " numbers \"edge\" and " +
                                              std::to_string(tilt_measures + 1) + " numbers \"tilt\"");
    }
}

Tilt estimate_tilt(const Image& picture) {
    static const LevelWeights weights = load_level_weights();
    const auto edges = find_level_edges(picture);
    if (edges.empty()) return {};
    const TiltEvidence evidence = evidence_of(edges, weights);
    if (std::abs(evidence.angle) > most_tilt) return {};
    return {evidence.angle, logistic(weights.tilt, evidence.measures)};
}

double sure_tilt(const Tilt& tilt) {
    return tilt.certainty >= sure && std::abs(tilt.angle) >= least_turn ? tilt.angle : 0;
}

}  // namespace piaa
