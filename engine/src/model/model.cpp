#include <algorithm>
#include <cmath>
#include <string_view>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/model.h>
#include <piaa/network_runtime.h>
#include <piaa/sha256.h>
#include <piaa/whole_file.h>

#include "io/installation.h"
#include "model/manifest.h"
#include "model/model_impl.h"
#include "network/transformer/transformer_network.h"

namespace piaa {
namespace {

using nlohmann::json;

/// Reads one model file's metadata and head, naming the file in every complaint.
class ModelReader {
public:
    explicit ModelReader(TensorFile& contents, const std::string& file) : contents_(contents), file_(file) {}

    std::string text(const std::string& key) const {
        const auto found = contents_.metadata.find(key);
        if (found == contents_.metadata.end()) refuse("metadata \"" + key + "\" is missing");
        return found->second;
    }

    template <typename Numbers>
    Numbers numbers(const std::string& key) const {
        try {
            return json::parse(text(key)).get<Numbers>();
        } catch (const json::exception&) {
            refuse("metadata \"" + key + "\" is \"" + text(key) + "\" and should be " + "numbers");
        }
    }

    std::vector<float> tensor(const std::string& name, std::size_t size) const {
        const auto found = contents_.tensors.find(name);
        if (found == contents_.tensors.end()) refuse("tensor " + name + " is missing");
        const Tensor& tensor = found->second;
        if (tensor.shape.size() != 1 || tensor.values.size() != size)
            refuse("tensor " + name + " has " + std::to_string(tensor.values.size()) +
                   " values and should have " + std::to_string(size));
        return tensor.values;
    }

    /// `out`'s rows are as many as there are pooled numbers of class tokens.
    TokenReading reading(const Model::Impl& model) const {
        const auto into = contents_.tensors.find("reading.into");
        const auto out = contents_.tensors.find("reading.out");
        if (into == contents_.tensors.end() || out == contents_.tensors.end()) return {};
        const Stage& patches = model.stages.front();
        const std::vector<std::int64_t>& shape = into->second.shape;
        const std::int64_t rank = shape.empty() ? 0 : shape[0];
        const auto class_numbers = static_cast<std::int64_t>(model.pooled_size() - patches.pooled_size());
        if (rank < 1 || class_numbers < 1 || shape != std::vector<std::int64_t>{rank, patches.channels} ||
            out->second.shape != std::vector<std::int64_t>{class_numbers, rank})
            refuse("tensors reading.into and reading.out do not fit the pooled stages");
        return {into->second.values, out->second.values, static_cast<std::size_t>(patches.channels)};
    }

    /// A head is stored for standardised features; here it takes them as they come.
    LinearHead head(const std::string& name, const std::vector<float>& mean,
                    const std::vector<float>& deviation) const {
        LinearHead head{tensor(name + ".weight", mean.size()), tensor(name + ".bias", 1)[0]};
        for (std::size_t i = 0; i < mean.size(); ++i) {
            head.weights[i] /= deviation[i];
            head.bias -= static_cast<double>(head.weights[i]) * mean[i];
        }
        return head;
    }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw Error(ErrorCode::bad_model, file_ + ": " + reason);
    }

private:
    TensorFile& contents_;
    const std::string& file_;
};

bool is_path(const std::string& name) {
    return name.find('/') != std::string::npos || name.ends_with(".safetensors");
}

/// The weights file that a model names: a plain file name, beside the model or among the shipped ones.
boost::filesystem::path find_weights(const std::string& name, const std::string& model) {
    if (name.empty() || name.find('/') != std::string::npos)
        throw Error(ErrorCode::bad_model,
                    model + ": metadata \"weights\" is \"" + name + "\" and should be a file's name");
    const auto beside = boost::filesystem::path(model).parent_path() / name;
    const auto shipped = data_folder() / "models" / name;
    for (const auto& file : {beside, shipped})
        if (boost::filesystem::exists(file)) return file;
    throw Error(ErrorCode::bad_model, model + ": its weights " + name + " are neither beside it nor in " +
                                          shipped.parent_path().string());
}

/// After a device's name: with 16 bits per number, float16 on a GPU, bfloat16 on a CPU.
constexpr std::string_view half_suffix = "-half";

bool asks_for_half(const std::string& device) {
    return device.ends_with(half_suffix);
}

}  // namespace

std::shared_ptr<Model::Impl> read_model(TensorFile contents, const std::string& file) {
    const ModelReader reader(contents, file);
    if (reader.text("piaa.model") != "1")
        reader.refuse("model format is \"" + reader.text("piaa.model") + "\" and should be \"1\"");
    auto model = std::make_shared<Model::Impl>();
    const Architecture architecture = find_architecture(reader.text("architecture"));
    model->info.architecture = architecture.name;
    model->info.description = reader.text("description");
    model->preprocessing = parse_preprocessing(reader.text("preprocessing"), file);
    model->info.preprocessing = model->preprocessing.id;

    const auto scale = reader.numbers<std::array<double, 2>>("scale");
    model->info.scale_low = scale[0];
    model->info.scale_high = scale[1];
    model->bins = reader.numbers<int>("bins");
    model->star_thresholds = reader.numbers<std::array<double, 4>>("star_thresholds");
    if (!(scale[0] < scale[1]) || model->bins < 2 || model->bins > 1000 ||
        !std::is_sorted(model->star_thresholds.begin(), model->star_thresholds.end()))
        reader.refuse("scale, bins or star_thresholds are out of range or order");

    const auto stages = architecture.stages();
    model->stage_indices = reader.numbers<std::vector<int>>("stages");
    int previous = -1;
    for (const int index : model->stage_indices) {
        if (index <= previous || index >= static_cast<int>(stages.size()))
            reader.refuse("stages should rise from 0 to " + std::to_string(stages.size() - 1));
        model->stages.push_back(stages[index]);
        previous = index;
    }
    if (model->stages.empty()) reader.refuse("no stage is pooled");

    const std::size_t size = model->pooled_size();
    model->feature_mean = reader.tensor("feature.mean", size);
    model->feature_deviation = reader.tensor("feature.deviation", size);
    if (!std::all_of(model->feature_deviation.begin(), model->feature_deviation.end(),
                     [](float d) { return d > 0; }))
        reader.refuse("tensor feature.deviation holds a value that is not positive");
    model->mean_head = reader.head("head.mean", model->feature_mean, model->feature_deviation);
    model->spread_head = reader.head("head.spread", model->feature_mean, model->feature_deviation);
    model->reading = reader.reading(*model);
    const auto calibration = reader.tensor("calibration", 2);
    model->calibration_slope = calibration[0];
    model->calibration_intercept = calibration[1];

    if (architecture.transformer) {
        model->weights = find_weights(reader.text("weights"), file);
        model->weights_hash = reader.text("weights_sha256");
        if (!model->preprocessing.squash || model->preprocessing.side % architecture.transformer->patch != 0)
            reader.refuse("preprocessing should squash photos to a square of whole patches of " +
                          std::to_string(architecture.transformer->patch) + " pixels");
    } else {
        check_parameters(architecture, contents.tensors, file);
    }
    std::erase_if(contents.tensors,
                  [](const auto& tensor) { return !tensor.first.starts_with("backbone."); });
    model->parameters = std::move(contents);
    return model;
}

void require_pooled(std::size_t found, std::size_t expected) {
    if (found != expected)
        throw Error(ErrorCode::bad_argument, "features have " + std::to_string(found) +
                                                 " pooled numbers and this model should have " +
                                                 std::to_string(expected));
}

double LinearHead::operator()(std::span<const float> pooled) const {
    require_pooled(pooled.size(), weights.size());
    double sum = bias;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<double>(weights[i]) * pooled[i];
    return sum;
}

std::size_t Model::Impl::pooled_size() const {
    std::size_t size = 0;
    for (const Stage& stage : stages) size += stage.pooled_size();
    return size;
}

bool Model::Impl::has_class_tokens() const {
    return std::any_of(stages.begin(), stages.end(), [](const Stage& stage) { return stage.is_whole(); });
}

const Network& Model::Impl::network() const {
    std::call_once(loaded_, [this] {
        network_ = make_network(spec(), parameters.tensors);
        parameters.tensors.clear();
    });
    return *network_;
}

const DifferentiableNetwork& Model::Impl::differentiable() const {
    std::call_once(differentiable_loaded_, [this] {
        const auto bytes = read_whole_file(info.file, max_tensor_file);
        if (sha256(bytes) != info.hash)
            throw Error(ErrorCode::bad_model,
                        info.file.string() + ": has changed since the model was loaded from it");
        differentiable_ = backend().make_differentiable(
            spec(), reference_parameters(spec(), parse_tensor_file(bytes, info.file.string()).tensors));
    });
    return *differentiable_;
}

NetworkSpec Model::Impl::spec() const {
    const bool half = asks_for_half(requested_device);
    return {.architecture = find_architecture(info.architecture),
            .stages = stage_indices,
            .mean = preprocessing.mean,
            .deviation = preprocessing.deviation,
            .device = requested_device.substr(0, requested_device.size() - (half ? half_suffix.size() : 0)),
            .weights = weights.string(),
            .weights_hash = weights_hash,
            .instructions = instructions,
            .half = half};
}

const ModelInfo& Model::info() const {
    return impl_->info;
}

std::string Model::device() const {
    const std::string& asked = impl_->requested_device;
    if (asked == "cpu" || ((asked == "auto" || asked == "auto-half") && !has_gpu_driver()))
        return impl_->weights.empty() ? "cpu" : transformer_device(impl_->instructions);
    return impl_->network().device();
}

void start_network(const Model& model) {
    model.impl().network();
}

Model load_model(const std::string& name_or_path, const ModelOptions& options) {
    boost::filesystem::path file = name_or_path;
    std::string name = file.stem().string();
    std::string expected_hash;
    if (!is_path(name_or_path)) {
        const ModelInfo shipped = find_shipped_model(name_or_path);
        file = shipped.file;
        name = shipped.name;
        expected_hash = shipped.hash;
    }
    const auto bytes = read_whole_file(file, max_tensor_file);
    const std::string hash = sha256(bytes);
    if (!expected_hash.empty() && hash != expected_hash)
        throw Error(ErrorCode::bad_model, file.string() + ": hash is " + hash + " and should be " +
                                              expected_hash + ", as in the manifest");
    const auto model = read_model(parse_tensor_file(bytes, file.string()), file.string());
    model->info.name = name;
    model->info.file = file;
    model->info.hash = hash;
    model->requested_device = options.device;
    model->instructions = options.instructions;
    if (asks_for_half(options.device) && !keeps_ranking_at_half(hash)) {
        if (options.device != "auto-half")
            throw Error(ErrorCode::device, "device is " + options.device +
                                               ", and it was not shown of model " + name +
                                               " that it ranks photos alike with 16 bits per number");
        model->requested_device = "auto";
    }
    return Model(model);
}

std::vector<ModelInfo> list_models() {
    return read_manifest();
}

}  // namespace piaa
