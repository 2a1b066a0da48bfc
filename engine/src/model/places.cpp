#include "model/places.h"

#include <cstdint>

#include <piaa/error.h>

#include "io/shipped_file.h"
#include "io/tensor_file.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

constexpr std::string_view into_suffix = ".into";
constexpr std::string_view out_suffix = ".out";

}  // namespace

const TokenReading* shipped_places(const Model& model) {
    static const auto shipped = read_shipped("places.safetensors", read_places);
    const auto found = shipped.find(model.info().hash);
    if (found == shipped.end()) return nullptr;
    const Model::Impl& data = model.impl();
    if (static_cast<int>(found->second.channels) != data.stages.front().channels ||
        found->second.class_numbers() != data.pooled_size() - data.stages.front().pooled_size())
        throw Error(ErrorCode::bad_model,
                    "places.safetensors does not fit the pooled stages of model " + model.info().name);
    return &found->second;
}

std::map<std::string, TokenReading> read_places(const boost::filesystem::path& file) {
    const TensorFile contents = read_marked_file(file, "piaa.places", "says nothing of places");
    std::map<std::string, TokenReading> models;
    for (const std::string& model : models_in(contents, into_suffix)) {
        const Tensor& into = contents.tensors.at(model + std::string(into_suffix));
        const auto out = contents.tensors.find(model + std::string(out_suffix));
        if (out == contents.tensors.end() || into.shape.size() != 2 || into.values.empty() ||
            out->second.shape.size() != 2 || out->second.shape[1] != into.shape[0])
            throw Error(ErrorCode::bad_model,
                        file.string() + ": tensors of " + model + " are missing or do not fit together");
        models[model] = {into.values, out->second.values, static_cast<std::size_t>(into.shape[1])};
    }
    return models;
}

void write_places(const boost::filesystem::path& file, const std::map<std::string, TokenReading>& models) {
    TensorFile contents{{{"piaa.places", "1"}}, {}};
    for (const auto& [name, model] : models) {
        const auto rank = static_cast<std::int64_t>(model.rank());
        contents.tensors[name + std::string(into_suffix)] = {
            {rank, static_cast<std::int64_t>(model.channels)}, model.into};
        contents.tensors[name + std::string(out_suffix)] = {
            {static_cast<std::int64_t>(model.class_numbers()), rank}, model.out};
    }
    write_tensor_file(file, contents, Precision::float16);
}

}  // namespace piaa
