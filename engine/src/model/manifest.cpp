#include "model/manifest.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "io/installation.h"

namespace piaa {
namespace {

constexpr std::size_t max_manifest = 1 << 20;
constexpr double ranking_kept = .999;

/// What `read` makes of each entry.
template <typename Read>
auto read_entries(Read read) {
    const auto file = data_folder() / "models" / "manifest.json";
    const auto bytes = read_whole_file(file, max_manifest);
    try {
        const auto json = nlohmann::json::parse(reinterpret_cast<const char*>(bytes.data()),
                                                reinterpret_cast<const char*>(bytes.data()) + bytes.size());
        std::vector<decltype(read(json))> all;
        for (const auto& entry : json.at("models")) all.push_back(read(entry));
        return all;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::bad_model, file.string() + ": not a manifest: " + error.what());
    }
}

}  // namespace

std::vector<ModelInfo> read_manifest() {
    return read_entries([](const nlohmann::json& entry) {
        ModelInfo model;
        model.name = entry.at("name");
        model.file = data_folder() / "models" / entry.at("file").get<std::string>();
        model.hash = entry.at("sha256");
        model.architecture = entry.at("architecture");
        model.preprocessing = entry.at("preprocessing");
        model.scale_low = entry.at("scale").at(0);
        model.scale_high = entry.at("scale").at(1);
        model.description = entry.at("description");
        return model;
    });
}

bool keeps_ranking_at_half(const std::string& hash) {
    const auto kept = read_entries([&](const nlohmann::json& entry) {
        return entry.at("sha256") == hash && entry.value("half_srocc", 0.0) >= ranking_kept ? 1 : 0;
    });
    return std::find(kept.begin(), kept.end(), 1) != kept.end();
}

ModelInfo find_shipped_model(const std::string& name) {
    std::string names;
    for (const ModelInfo& model : read_manifest()) {
        if (model.name == name) return model;
        names += (names.empty() ? "" : ", ") + model.name;
    }
    throw Error(ErrorCode::bad_model, "model is \"" + name + "\" and should be one of " + names +
                                          ", or the path of a .safetensors file");
}

}  // namespace piaa
