#include "training/generic_model_file.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/research/train.h>
#include <piaa/sha256.h>

#include "io/mapped_file.h"
#include "io/tensor_file.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

using nlohmann::json;

constexpr std::array<double, 4> star_percentiles{0.10, 0.35, 0.65, 0.90};

/// The pixel normalisation the network was trained with, from a backbone or a model file.
json normalisation(const TensorFile& contents, const std::string& file) {
    const auto& metadata = contents.metadata;
    const auto text = [&](const char* key) -> const std::string& {
        const auto found = metadata.find(key);
        if (found == metadata.end())
            throw Error(ErrorCode::bad_model, file + ": metadata \"" + key + "\" is missing");
        return found->second;
    };
    try {
        if (metadata.count("preprocessing") != 0) {
            const json preprocessing = json::parse(text("preprocessing"));
            return {{"mean", preprocessing.at("mean")}, {"std", preprocessing.at("std")}};
        }
        return {{"mean", json::parse(text("mean"))}, {"std", json::parse(text("std"))}};
    } catch (const json::exception&) {
        throw Error(ErrorCode::bad_model,
                    file + ": mean and std of the pixels are not the JSON they should be");
    }
}

/// What parse_preprocessing() reads.
json preprocessing_of(const Preprocessing& contract, const json& normalisation) {
    json result = normalisation;
    const std::string side = std::to_string(contract.side) + (contract.mirror ? "-mirror" : "");
    if (contract.squash) {
        result["id"] = "square" + side;
        result["side"] = contract.side;
    } else {
        result["id"] = "area" + side;
        result["area"] = contract.side;
        result["multiple"] = contract.multiple;
        result["max_aspect"] = contract.max_aspect;
    }
    if (contract.mirror) result["mirror"] = true;
    return result;
}

Tensor vector_tensor(std::vector<float> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return {{count}, std::move(values)};
}

Tensor scalar_tensor(double value) {
    return vector_tensor({static_cast<float>(value)});
}

/// Everything of a model file but the network.
void set_head(TensorFile& contents, const GenericHead& head) {
    auto& tensors = contents.tensors;
    tensors["feature.mean"] = vector_tensor(head.feature_mean);
    tensors["feature.deviation"] = vector_tensor(head.feature_deviation);
    tensors["head.mean.weight"] = vector_tensor(head.mean_weights);
    tensors["head.mean.bias"] = scalar_tensor(head.mean_bias);
    tensors["head.spread.weight"] = vector_tensor(head.spread_weights);
    tensors["head.spread.bias"] = scalar_tensor(head.spread_bias);
    tensors["calibration"] = vector_tensor(
        {static_cast<float>(head.calibration_slope), static_cast<float>(head.calibration_intercept)});
}

/// How the class tokens are read; of `channels` of the patches' stage.
void set_reading(TensorFile& contents, const GenericHead& head, std::int64_t channels) {
    if (head.reading_into.empty()) return;
    const auto rank = static_cast<std::int64_t>(head.reading_into.size()) / channels;
    const auto numbers = static_cast<std::int64_t>(head.reading_out.size()) / rank;
    contents.tensors["reading.into"] = {{rank, channels}, head.reading_into};
    contents.tensors["reading.out"] = {{numbers, rank}, head.reading_out};
}

GenericHead zero_head(std::size_t size) {
    GenericHead head;
    head.feature_mean.assign(size, 0);
    head.feature_deviation.assign(size, 1);
    head.mean_weights.assign(size, 0);
    head.spread_weights.assign(size, 0);
    return head;
}

/// The values on the scale 1 to 10 below which these shares of the ratings lie.
std::array<double, 4> star_thresholds(const ModelInfo& info, std::vector<double> ratings) {
    std::sort(ratings.begin(), ratings.end());
    std::array<double, 4> thresholds{};
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const auto place =
            static_cast<std::size_t>(star_percentiles[i] * static_cast<double>(ratings.size()));
        thresholds[i] =
            std::round(on_ten_scale(info, ratings[std::min(place, ratings.size() - 1)]) * 1e4) / 1e4;
    }
    return thresholds;
}

std::vector<int> coarse_stages(const std::vector<Stage>& stages) {
    constexpr int coarse = 16;
    const bool none = stages.back().stride < coarse;
    std::vector<int> chosen;
    for (std::size_t i = 0; i < stages.size(); ++i)
        if (none || stages[i].stride >= coarse) chosen.push_back(static_cast<int>(i));
    return chosen;
}

/// A model file or a bare backbone. Of a transformer's weights file only the metadata, and who it is: models
/// name it instead of holding it.
TensorFile read_network(const boost::filesystem::path& file) {
    const MappedFile mapped(file);
    TensorViews views = parse_tensor_views(mapped.bytes(), file.string());
    const auto architecture = views.metadata.find("architecture");
    if (!views.metadata.contains("piaa.backbone") || architecture == views.metadata.end() ||
        !find_architecture(architecture->second).transformer)
        return read_tensor_file(file);
    views.metadata["weights"] = file.filename().string();
    views.metadata["weights_sha256"] = sha256(mapped.bytes());
    return {std::move(views.metadata), {}};
}

}  // namespace

Model load_backbone(const boost::filesystem::path& file, const BackboneOptions& options) {
    const std::string name = file.string();
    TensorFile contents = read_network(file);
    const auto architecture = contents.metadata.find("architecture");
    if (architecture == contents.metadata.end())
        throw Error(ErrorCode::bad_model, name + ": metadata \"architecture\" is missing");
    const Architecture network = find_architecture(architecture->second);
    const auto all_stages = network.stages();

    std::vector<int> stages = options.stages;
    if (stages.empty()) stages = network.usual_stages;
    if (stages.empty()) stages = coarse_stages(all_stages);
    std::size_t size = 0;
    for (const int stage : stages) {
        if (stage < 0 || stage >= static_cast<int>(all_stages.size()))
            throw Error(ErrorCode::bad_argument, "stage " + std::to_string(stage) + " of " + name +
                                                     " should lie between 0 and " +
                                                     std::to_string(all_stages.size() - 1));
        size += all_stages[stage].pooled_size();
    }

    Preprocessing contract;
    contract.side = options.input_side;
    contract.squash = options.squash;
    contract.mirror = options.mirror;
    contents.metadata["piaa.model"] = "1";
    contents.metadata["preprocessing"] = preprocessing_of(contract, normalisation(contents, name)).dump();
    contents.metadata["scale"] = json{options.scale.low, options.scale.high}.dump();
    contents.metadata["bins"] = std::to_string(options.bins);
    contents.metadata["stages"] = json(stages).dump();
    contents.metadata["star_thresholds"] = "[1, 1, 1, 1]";
    contents.metadata["description"] = "rates all photos alike";
    // How another choice of stages was read, where the file is a model.
    std::erase_if(contents.tensors, [](const auto& tensor) { return tensor.first.starts_with("reading."); });
    set_head(contents, zero_head(size));
    const auto model = read_model(std::move(contents), name);
    model->info.name = file.stem().string();
    model->info.file = file;
    model->requested_device = options.model.device;
    model->instructions = options.model.instructions;
    return Model(model);
}

Model load_network(const boost::filesystem::path& model_file, const ModelOptions& options) {
    const Model model =
        load_model(model_file.string().find('/') == std::string::npos ? "./" + model_file.string()
                                                                      : model_file.string());
    const Model::Impl& data = model.impl();
    BackboneOptions backbone;
    backbone.input_side = data.preprocessing.side;
    backbone.squash = data.preprocessing.squash;
    backbone.mirror = data.preprocessing.mirror;
    backbone.scale = {data.info.scale_low, data.info.scale_high};
    backbone.bins = data.bins;
    backbone.model = options;
    const std::size_t count = find_architecture(data.info.architecture).stages().size();
    for (std::size_t i = 0; i < count; ++i) backbone.stages.push_back(static_cast<int>(i));
    return load_backbone(model_file, backbone);
}

int pooled_stage_count(const Model& model) {
    return static_cast<int>(model.impl().stages.size());
}

void save_generic_model(const boost::filesystem::path& file, const Model& base, const GenericHead& head,
                        const std::string& description, bool half) {
    write_generic_model(file, base, head, description, half ? Precision::float16 : Precision::float32, {});
}

void write_generic_model(const boost::filesystem::path& file, const Model& base, const GenericHead& head,
                         const std::string& description, Precision precision,
                         const std::map<std::string, Tensor>& network) {
    const Model::Impl& data = base.impl();
    if (head.mean_weights.size() != data.pooled_size() || head.held_out.empty())
        throw Error(ErrorCode::bad_argument, "head of " + std::to_string(head.mean_weights.size()) +
                                                 " weights does not fit a model with " +
                                                 std::to_string(data.pooled_size()) + " pooled numbers");
    TensorFile contents = read_network(data.info.file);
    const json pixels = normalisation(contents, data.info.file.string());
    std::erase_if(contents.tensors, [](const auto& tensor) {
        return !tensor.first.starts_with("backbone.") || tensor.first.starts_with("backbone.classifier.");
    });
    for (auto& [name, tensor] : contents.tensors)
        if (const auto found = network.find(name); found != network.end()) tensor = found->second;
    std::map<std::string, std::string> metadata;
    if (contents.metadata.count("source") != 0) metadata["source"] = contents.metadata["source"];
    for (const char* key : {"weights", "weights_sha256"})
        if (contents.metadata.count(key) != 0) metadata[key] = contents.metadata[key];
    metadata["piaa.model"] = "1";
    metadata["architecture"] = data.info.architecture;
    metadata["description"] = description;
    metadata["preprocessing"] = preprocessing_of(data.preprocessing, pixels).dump();
    metadata["scale"] = json{data.info.scale_low, data.info.scale_high}.dump();
    metadata["bins"] = std::to_string(data.bins);
    metadata["stages"] = json(data.stage_indices).dump();
    metadata["star_thresholds"] = json(star_thresholds(data.info, head.held_out)).dump();
    contents.metadata = std::move(metadata);
    set_head(contents, head);
    set_reading(contents, head, data.stages.front().channels);
    write_tensor_file(file, contents, precision);
}

}  // namespace piaa
