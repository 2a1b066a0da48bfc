#include "model/familiarity.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <piaa/error.h>

#include "io/shipped_file.h"
#include "io/tensor_file.h"
#include "model/standardised.h"

namespace piaa {
namespace {

constexpr std::string_view directions_suffix = ".directions";
constexpr std::string_view numbers_suffix = ".numbers";  // unlike, explained, mean_error

}  // namespace

double Familiarity::novelty(std::span<const float> standardised) const {
    if (rank == 0 || directions.size() != rank * standardised.size())
        throw Error(ErrorCode::bad_argument, "photo has " + std::to_string(standardised.size()) +
                                                 " numbers and should have as many as the directions");
    double left = 0;
    for (const float value : standardised) left += static_cast<double>(value) * value;
    for (auto row = directions.begin(); row != directions.end();) {
        double along = 0;
        for (const float value : standardised) along += static_cast<double>(*row++) * value;
        left -= along * along;
    }
    return std::max(0.0, left) / static_cast<double>(standardised.size());
}

std::map<std::string, Familiarity> read_familiarity(const boost::filesystem::path& file) {
    const TensorFile contents = read_marked_file(file, "piaa.familiarity", "says nothing of training photos");
    std::map<std::string, Familiarity> models;
    for (const std::string& model : models_in(contents, directions_suffix)) {
        const Tensor& directions = contents.tensors.at(model + std::string(directions_suffix));
        const auto numbers = contents.tensors.find(model + std::string(numbers_suffix));
        if (numbers == contents.tensors.end() || numbers->second.values.size() != 3 ||
            directions.shape.size() != 2 || directions.values.empty())
            throw Error(ErrorCode::bad_model,
                        file.string() + ": tensors of " + model + " are missing or do not fit together");
        const auto& values = numbers->second.values;
        models[model] = {directions.values, static_cast<std::size_t>(directions.shape[0]), values[0],
                         values[1], values[2]};
    }
    return models;
}

void write_familiarity(const boost::filesystem::path& file,
                       const std::map<std::string, Familiarity>& models) {
    TensorFile contents{{{"piaa.familiarity", "1"}}, {}};
    for (const auto& [name, model] : models) {
        const auto rank = static_cast<std::int64_t>(model.rank);
        contents.tensors[name + std::string(directions_suffix)] = {
            {rank, static_cast<std::int64_t>(model.directions.size()) / rank}, model.directions};
        contents.tensors[name + std::string(numbers_suffix)] = {
            {3},
            {static_cast<float>(model.unlike), static_cast<float>(model.explained),
             static_cast<float>(model.mean_error)}};
    }
    write_tensor_file(file, contents, Precision::float16);
}

Unfamiliarity unfamiliarity(const Model& model, const Features& features, Flags flags) {
    static const auto shipped = read_shipped("familiarity.safetensors", read_familiarity);
    const auto found = shipped.find(model.info().hash);
    if (found == shipped.end()) return {};
    const Familiarity& familiarity = found->second;
    const bool unlike = familiarity.novelty(standardised(model, features)) > familiarity.unlike;
    const double scale = std::pow(9 / (model.info().scale_high - model.info().scale_low), 2);
    return {scale * familiarity.mean_error, unlike || !flags.empty() ? scale * familiarity.explained : 0,
            unlike};
}

}  // namespace piaa
