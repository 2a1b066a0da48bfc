#include "crop/crop_head.h"

#include <algorithm>
#include <mutex>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "io/installation.h"
#include "io/tensor_file.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const boost::filesystem::path& file, const std::string& what) {
    throw Error(ErrorCode::bad_model, file.string() + ": " + what);
}

Plane as_plane(const Tensor& tensor) {
    Plane plane(crop_grid, crop_grid);
    plane.values = tensor.values;
    return plane;
}

/// The weights of each channel, then the bias.
SubjectHead read_reading(const TensorFile& contents, const std::string& name, int stage,
                         const boost::filesystem::path& file) {
    const Tensor& tensor = contents.tensors.at(name);
    if (stage < 0 || tensor.shape.size() != 1 || tensor.values.size() < 2) refuse(file, name + " is damaged");
    return {stage, {tensor.values.begin(), tensor.values.end() - 1}, tensor.values.back()};
}

Tensor as_tensor(const SubjectHead& reading) {
    std::vector<float> numbers = reading.weights;
    numbers.push_back(reading.bias);
    const auto count = static_cast<std::int64_t>(numbers.size());
    return {{count}, std::move(numbers)};
}

/// Without a file: the deepest stage of each of the two coarsest strides, nothing expected of any place.
CropHead plain_head(const std::vector<int>& strides) {
    CropHead head;
    int stride = 0;
    for (int i = static_cast<int>(strides.size()) - 1; i >= 0 && head.stages.size() < 2; --i)
        if (strides[i] != stride) {
            head.stages.push_back(i);
            stride = strides[i];
        }
    head.weights.assign(head.stages.size(), 0.15);
    head.expected.assign(head.stages.size(), Plane(crop_grid, crop_grid));
    return head;
}

const std::map<std::string, CropHead>& shipped_heads() {
    static const std::map<std::string, CropHead> heads = [] {
        const auto file = data_folder() / "models" / "crop.safetensors";
        return boost::filesystem::exists(file) ? read_crop_heads(file) : std::map<std::string, CropHead>{};
    }();
    return heads;
}

}  // namespace

std::string crop_head_name(const ModelInfo& model) {
    return model.architecture + "/" + model.preprocessing;
}

CropHead crop_head(const ModelInfo& model, const std::vector<int>& strides) {
    const auto found = shipped_heads().find(crop_head_name(model));
    if (found == shipped_heads().end()) return plain_head(strides);
    const CropHead& head = found->second;
    // A model that keeps other stages than the head was made for.
    for (const int stage : head.stages)
        if (stage >= static_cast<int>(strides.size()) + (head.subject ? 1 : 0)) return plain_head(strides);
    return head;
}

CropHead crop_head(const Model& model, const Features& features) {
    const std::vector<Stage>& stages = model.impl().stages;
    if (features.maps.size() != stages.size())
        throw Error(ErrorCode::bad_argument, "features hold " + std::to_string(features.maps.size()) +
                                                 " stage maps and should hold " +
                                                 std::to_string(stages.size()));
    std::vector<int> strides;
    for (const Stage& stage : stages) strides.push_back(stage.stride);
    return crop_head(model.info(), strides);
}

std::map<std::string, CropHead> read_crop_heads(const boost::filesystem::path& file) {
    const TensorFile contents = read_tensor_file(file);
    if (!contents.metadata.contains("piaa.crop")) refuse(file, "is no crop head");
    std::map<std::string, CropHead> heads;
    try {
        const json descriptions = json::parse(contents.metadata.at("heads"));
        for (const auto& [architecture, entry] : descriptions.items()) {
            CropHead head;
            head.prior_width = entry.at("prior_width");
            head.prior_height = entry.at("prior_height");
            head.prior_softness = entry.at("prior_softness");
            head.leave_margin = entry.at("leave_margin");
            head.stages = entry.at("stages").get<std::vector<int>>();
            head.weights = entry.at("weights").get<std::vector<double>>();
            if (head.stages.size() != head.weights.size() || !(head.prior_softness > 0))
                refuse(file, "head of " + architecture + " is damaged");
            for (std::size_t k = 0; k < head.stages.size(); ++k) {
                const Tensor& tensor = contents.tensors.at(architecture + ".expected." + std::to_string(k));
                if (head.stages[k] < 0 || tensor.shape != std::vector<std::int64_t>{crop_grid, crop_grid})
                    refuse(file, "head of " + architecture + " is damaged");
                head.expected.push_back(as_plane(tensor));
            }
            if (entry.contains("subject_stage"))
                head.subject =
                    read_reading(contents, architecture + ".subject", entry.at("subject_stage"), file);
            if (entry.contains("heads_stage"))
                head.heads = {read_reading(contents, architecture + ".heads", entry.at("heads_stage"), file),
                              entry.at("heads_least").get<double>()};
            heads[architecture] = std::move(head);
        }
    } catch (const json::exception& error) {
        refuse(file, std::string("damaged description: ") + error.what());
    } catch (const std::out_of_range&) {
        refuse(file, "a tensor or a description is missing");
    }
    return heads;
}

void write_crop_heads(const boost::filesystem::path& file, const std::map<std::string, CropHead>& heads) {
    TensorFile contents;
    json descriptions = json::object();
    for (const auto& [architecture, head] : heads) {
        descriptions[architecture] = {{"prior_width", head.prior_width},
                                      {"prior_height", head.prior_height},
                                      {"prior_softness", head.prior_softness},
                                      {"leave_margin", head.leave_margin},
                                      {"stages", head.stages},
                                      {"weights", head.weights}};
        if (head.subject) {
            descriptions[architecture]["subject_stage"] = head.subject->stage;
            contents.tensors[architecture + ".subject"] = as_tensor(*head.subject);
        }
        if (head.heads) {
            descriptions[architecture]["heads_stage"] = head.heads->reading.stage;
            descriptions[architecture]["heads_least"] = head.heads->least;
            contents.tensors[architecture + ".heads"] = as_tensor(head.heads->reading);
        }
        for (std::size_t k = 0; k < head.expected.size(); ++k)
            contents.tensors[architecture + ".expected." + std::to_string(k)] = {{crop_grid, crop_grid},
                                                                                 head.expected[k].values};
    }
    contents.metadata = {{"piaa.crop", "1"}, {"heads", descriptions.dump()}};
    write_tensor_file(file, contents, Precision::float32);
}

}  // namespace piaa
