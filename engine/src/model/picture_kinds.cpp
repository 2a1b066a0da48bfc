#include "model/picture_kinds.h"

#include <piaa/error.h>

#include "io/shipped_file.h"
#include "io/tensor_file.h"

namespace piaa {
namespace {

constexpr const char* drawn_suffix = ".drawn";
constexpr const char* screenshot_suffix = ".screenshot";

/// Weights, and the bias behind them.
LinearHead read_rule(const TensorFile& contents, const std::string& name,
                     const boost::filesystem::path& file) {
    const auto found = contents.tensors.find(name);
    if (found == contents.tensors.end() || found->second.shape.size() != 1 || found->second.values.size() < 2)
        throw Error(ErrorCode::bad_model,
                    file.string() + ": tensor " + name + " is missing or no list of numbers");
    const std::vector<float>& values = found->second.values;
    return {{values.begin(), values.end() - 1}, values.back()};
}

Tensor rule_tensor(const LinearHead& rule) {
    std::vector<float> values = rule.weights;
    values.push_back(static_cast<float>(rule.bias));
    return {{static_cast<std::int64_t>(values.size())}, std::move(values)};
}

}  // namespace

std::string pooled_name(const Model::Impl& model) {
    std::string name = model.info.architecture + "/" + model.info.preprocessing + "/";
    for (std::size_t i = 0; i < model.stage_indices.size(); ++i)
        name += (i == 0 ? "" : ",") + std::to_string(model.stage_indices[i]);
    return name;
}

Flags picture_kind(const PictureKinds& kinds, std::span<const float> pooled) {
    Flags flags;
    if (kinds.drawn(pooled) <= 0) return flags;
    flags.set(kinds.screenshot(pooled) > 0 ? Flag::screenshot : Flag::graphic);
    return flags;
}

std::map<std::string, PictureKinds> read_picture_kinds(const boost::filesystem::path& file) {
    const TensorFile contents = read_marked_file(file, "piaa.kinds", "holds no rules for kinds of pictures");
    std::map<std::string, PictureKinds> kinds;
    for (const std::string& model : models_in(contents, drawn_suffix)) {
        PictureKinds rules{read_rule(contents, model + drawn_suffix, file),
                           read_rule(contents, model + screenshot_suffix, file)};
        if (rules.drawn.weights.size() != rules.screenshot.weights.size())
            throw Error(ErrorCode::bad_model, file.string() + ": rules of " + model + " differ in length");
        kinds.emplace(model, std::move(rules));
    }
    return kinds;
}

void write_picture_kinds(const boost::filesystem::path& file,
                         const std::map<std::string, PictureKinds>& kinds) {
    TensorFile contents{{{"piaa.kinds", "1"}}, {}};
    for (const auto& [name, rules] : kinds) {
        contents.tensors[name + drawn_suffix] = rule_tensor(rules.drawn);
        contents.tensors[name + screenshot_suffix] = rule_tensor(rules.screenshot);
    }
    write_tensor_file(file, contents, Precision::float32);
}

Flags flags_of(const Model& model, const Features& features) {
    static const auto shipped = read_shipped("kinds.safetensors", read_picture_kinds);
    const auto rules = shipped.find(pooled_name(model.impl()));
    if (rules == shipped.end()) return features.flags;
    return Flags(features.flags.bits() | picture_kind(rules->second, features.pooled).bits());
}

}  // namespace piaa
