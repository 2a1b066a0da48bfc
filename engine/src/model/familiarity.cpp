#include "model/familiarity.h"

#include <algorithm>
#include <cstdint>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "io/installation.h"
#include "io/tensor_file.h"
#include "model/standardised.h"

namespace piaa {
namespace {

constexpr std::string_view directions_suffix = ".directions";
constexpr std::string_view numbers_suffix = ".numbers";  // unlike, explained

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
    const TensorFile contents = read_tensor_file(file);
    const auto refuse = [&](const std::string& reason) {
        throw Error(ErrorCode::bad_model, file.string() + ": " + reason);
    };
    if (!contents.metadata.contains("piaa.familiarity")) refuse("says nothing of training photos");
    std::map<std::string, Familiarity> models;
    for (const auto& [name, directions] : contents.tensors) {
        if (!name.ends_with(directions_suffix)) continue;
        const std::string model = name.substr(0, name.size() - directions_suffix.size());
        const auto numbers = contents.tensors.find(model + std::string(numbers_suffix));
        if (numbers == contents.tensors.end() || numbers->second.values.size() != 2 ||
            directions.shape.size() != 2 || directions.values.empty())
            refuse("tensors of " + model + " are missing or do not fit together");
        const auto& values = numbers->second.values;
        models[model] = {directions.values, static_cast<std::size_t>(directions.shape[0]), values[0],
                         values[1]};
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
            {2}, {static_cast<float>(model.unlike), static_cast<float>(model.explained)}};
    }
    write_tensor_file(file, contents, Precision::float16);
}

Unfamiliarity unfamiliarity(const Model& model, const Features& features, Flags flags) {
    static const auto shipped = [] {
        const auto file = data_folder() / "models" / "familiarity.safetensors";
        return boost::filesystem::exists(file) ? read_familiarity(file)
                                               : std::map<std::string, Familiarity>{};
    }();
    const auto found = shipped.find(model.info().hash);
    if (found == shipped.end()) return {};
    const Familiarity& familiarity = found->second;
    const bool unlike = familiarity.novelty(standardised(model, features)) > familiarity.unlike;
    const double scale = 9 / (model.info().scale_high - model.info().scale_low);
    return {unlike || !flags.empty() ? scale * scale * familiarity.explained : 0, unlike};
}

}  // namespace piaa
