#include "manifest.h"

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "installation.h"

namespace piaa {
namespace {

constexpr std::size_t max_manifest = 1 << 20;

}  // namespace

std::vector<ModelInfo> read_manifest() {
    const auto folder = data_folder() / "models";
    const auto file = folder / "manifest.json";
    const auto bytes = read_whole_file(file, max_manifest);
    try {
        const auto json = nlohmann::json::parse(reinterpret_cast<const char*>(bytes.data()),
                                                reinterpret_cast<const char*>(bytes.data()) + bytes.size());
        std::vector<ModelInfo> models;
        for (const auto& entry : json.at("models")) {
            ModelInfo model;
            model.name = entry.at("name");
            model.file = folder / entry.at("file").get<std::string>();
            model.hash = entry.at("sha256");
            model.architecture = entry.at("architecture");
            model.preprocessing = entry.at("preprocessing");
            model.scale_low = entry.at("scale").at(0);
            model.scale_high = entry.at("scale").at(1);
            model.description = entry.at("description");
            models.push_back(std::move(model));
        }
        return models;
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::bad_model, file.string() + ": not a manifest: " + error.what());
    }
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
