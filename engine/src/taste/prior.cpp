#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <sstream>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/prior.h>
#include <piaa/score.h>
#include <piaa/sha256.h>
#include <piaa/whole_file.h>

#include "io/installation.h"
#include "io/tensor_file.h"
#include "model/model_impl.h"
#include "taste/style_network.h"

namespace piaa {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& reason) {
    throw Error(ErrorCode::bad_model, file + ": " + reason);
}

const std::string& text(const TensorFile& contents, const std::string& key, const std::string& file) {
    const auto found = contents.metadata.find(key);
    if (found == contents.metadata.end()) refuse(file, "metadata \"" + key + "\" is missing");
    return found->second;
}

double number(const TensorFile& contents, const std::string& key, const std::string& file) {
    const auto value = nlohmann::json::parse(text(contents, key, file), nullptr, /*allow_exceptions=*/false);
    if (!value.is_number())
        refuse(file,
               "metadata \"" + key + "\" is \"" + text(contents, key, file) + "\" and should be a number");
    return value.get<double>();
}

const Tensor& tensor(const TensorFile& contents, const std::string& name, std::size_t rows,
                     std::size_t columns, const std::string& file) {
    const auto found = contents.tensors.find(name);
    if (found == contents.tensors.end()) refuse(file, "tensor " + name + " is missing");
    if (found->second.values.size() != rows * columns)
        refuse(file, "tensor " + name + " has " + std::to_string(found->second.values.size()) +
                         " values and should have " + std::to_string(rows * columns));
    return found->second;
}

std::vector<double> doubles(const Tensor& tensor) {
    return {tensor.values.begin(), tensor.values.end()};
}

std::vector<float> floats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

/// What is known of people's weights.
void take_people(const TensorFile& contents, Prior& prior, const std::string& file) {
    prior.mean = doubles(tensor(contents, "mean", prior.weights(), 1, file));
    prior.covariance = doubles(tensor(contents, "covariance", prior.weights(), prior.weights(), file));
    const auto size = static_cast<Eigen::Index>(prior.weights());
    if (Eigen::LLT<Eigen::MatrixXd>(Eigen::Map<Eigen::MatrixXd>(prior.covariance.data(), size, size))
            .info() != Eigen::Success)
        refuse(file, "tensor covariance should be positive definite");
}

/// What the methods pam and fpmf take from a prior.
void read_looks(const TensorFile& contents, const std::string& file, Prior& prior) {
    const std::size_t seen = attribute_count + category_count;
    const std::size_t weights = 1 + factor_count;
    prior.categories = tensor(contents, "categories", category_count, prior.directions, file).values;
    prior.factors = tensor(contents, "factors", factor_count, seen, file).values;
    prior.factor_mean = doubles(tensor(contents, "factor_mean", weights, 1, file));
    prior.factor_covariance = doubles(tensor(contents, "factor_covariance", weights, weights, file));
    prior.category_width = number(contents, "category_width", file);
    prior.factor_noise = number(contents, "factor_noise", file);
    if (!(prior.category_width > 0) || !(prior.factor_noise > 0))
        refuse(file, "category_width and factor_noise should be above 0");
}

Prior parse_prior(const TensorFile& contents, const std::string& file) {
    if (text(contents, "piaa.prior", file) != "1")
        refuse(file, "prior format is \"" + text(contents, "piaa.prior", file) + "\" and should be \"1\"");
    Prior prior;
    prior.model = text(contents, "model", file);
    prior.model_name = text(contents, "model_name", file);
    prior.description = text(contents, "description", file);
    std::istringstream seen(text(contents, "seen", file));
    for (std::string id; seen >> id;) prior.seen.push_back(id);
    std::sort(prior.seen.begin(), prior.seen.end());
    prior.centre = number(contents, "centre", file);
    prior.noise = number(contents, "noise", file);
    prior.gate_deviation = number(contents, "gate_deviation", file);
    if (!(prior.noise > 0) || !(prior.gate_deviation > 0))
        refuse(file, "noise and gate_deviation should be above 0");
    if (contents.metadata.contains("style")) {
        prior.directions = 5;
        prior.inputs = static_cast<std::size_t>(number(contents, "inputs", file));
        prior.own_generic = text(contents, "generic", file) == "own";
        prior.style = std::make_shared<const StyleNetwork>(take_style_network(contents, prior.inputs, file));
        take_people(contents, prior, file);
        return prior;
    }
    const auto projection = contents.tensors.find("projection");
    if (projection == contents.tensors.end() || projection->second.shape.size() != 2)
        refuse(file, "tensor projection should be directions x inputs");
    prior.directions = static_cast<std::size_t>(projection->second.shape[0]);
    prior.inputs = static_cast<std::size_t>(projection->second.shape[1]);
    if (prior.directions == 0 || prior.row_length() > 64)
        refuse(file, "prior has " + std::to_string(prior.directions) + " directions and should have 1 to " +
                         std::to_string(63 - attribute_count));
    prior.projection = projection->second.values;
    prior.offset = tensor(contents, "offset", prior.directions, 1, file).values;
    take_people(contents, prior, file);
    if (contents.tensors.contains("categories")) read_looks(contents, file, prior);
    return prior;
}

}  // namespace

bool Prior::has_seen(const std::string& content_id) const {
    return std::binary_search(seen.begin(), seen.end(), content_id.substr(0, seen_digits));
}

std::vector<float> taste_inputs(const Features& features) {
    std::vector<float> inputs = features.pooled;
    inputs.insert(inputs.end(), features.attributes.begin(), features.attributes.end());
    return inputs;
}

std::vector<float> feature_row(const Model& model, const Prior& prior, const Features& features) {
    const auto inputs = taste_inputs(features);
    if (prior.model != model.info().hash || inputs.size() != prior.inputs)
        throw Error(ErrorCode::bad_argument, "prior belongs to model " + prior.model_name + " (" +
                                                 prior.model + ") and not to " + model.info().name + " (" +
                                                 model.info().hash + ")");
    std::vector<float> row;
    row.reserve(prior.row_length());
    if (prior.style && prior.own_generic) {
        const Eigen::VectorXf p = prior.style->distribution(inputs);
        row.push_back(p.dot(Eigen::VectorXf::LinSpaced(p.size(), 0, 1)));
    } else {
        const ScoreDistribution ratings = predict_ratings(model, features);
        row.push_back(
            static_cast<float>((ratings.mean() - ratings.low()) / (ratings.high() - ratings.low())));
    }
    if (prior.style) {
        const Eigen::VectorXf axes = prior.style->axes(inputs);
        row.insert(row.end(), axes.data(), axes.data() + axes.size());
        row.insert(row.end(), features.attributes.begin(), features.attributes.end());
        return row;
    }
    const Eigen::Map<const Eigen::VectorXf> x(inputs.data(), static_cast<Eigen::Index>(inputs.size()));
    for (std::size_t i = 0; i < prior.directions; ++i)
        row.push_back(
            prior.offset[i] +
            Eigen::Map<const Eigen::VectorXf>(prior.projection.data() + i * prior.inputs, x.size()).dot(x));
    row.insert(row.end(), features.attributes.begin(), features.attributes.end());
    return row;
}

Prior load_prior(const boost::filesystem::path& file) {
    const auto bytes = read_whole_file(file, max_tensor_file);
    Prior prior = parse_prior(parse_tensor_file(bytes, file.string()), file.string());
    prior.hash = sha256(bytes);
    return prior;
}

Prior load_prior(const Model& model) {
    return load_prior(model, "auto");
}

Prior load_prior(const Model& model, const std::string& method) {
    const std::string kind = method == "pa-image"               ? "pa"
                             : method == "pa" || method == "mt" ? method
                                                                : "prior";
    const auto file = data_folder() / "models" / (kind + "-" + model.info().name + ".safetensors");
    if (!boost::filesystem::exists(file))
        throw Error(ErrorCode::bad_model, file.string() + ": there is no such prior for model " +
                                              model.info().name + ", make one with piaa-batch train " + kind);
    Prior prior = load_prior(file);
    if (prior.model != model.info().hash)
        refuse(file.string(), "prior belongs to model " + prior.model + " and not to " + model.info().name +
                                  ", which is " + model.info().hash);
    return prior;
}

void save_prior(const boost::filesystem::path& file, const Prior& prior) {
    const auto precise = [](double value) { return nlohmann::json(value).dump(); };
    const auto directions = static_cast<std::int64_t>(prior.directions);
    const auto size = static_cast<std::int64_t>(prior.weights());
    std::string seen;
    for (const std::string& id : prior.seen) seen += (seen.empty() ? "" : " ") + id;
    TensorFile contents;
    contents.metadata = {{"piaa.prior", "1"},
                         {"seen", seen},
                         {"model", prior.model},
                         {"model_name", prior.model_name},
                         {"description", prior.description},
                         {"centre", precise(prior.centre)},
                         {"noise", precise(prior.noise)},
                         {"gate_deviation", precise(prior.gate_deviation)}};
    if (prior.style) {
        contents.metadata["inputs"] = std::to_string(prior.inputs);
        contents.metadata["generic"] = prior.own_generic ? "own" : "model";
        put_style_network(contents, *prior.style);
    } else {
        contents.tensors["projection"] = {{directions, static_cast<std::int64_t>(prior.inputs)},
                                          prior.projection};
        contents.tensors["offset"] = {{directions}, prior.offset};
    }
    contents.tensors["mean"] = {{size}, floats(prior.mean)};
    contents.tensors["covariance"] = {{size, size}, floats(prior.covariance)};
    if (!prior.categories.empty()) {
        const auto factors = static_cast<std::int64_t>(factor_count);
        const auto weights = factors + 1;
        contents.metadata["category_width"] = precise(prior.category_width);
        contents.metadata["factor_noise"] = precise(prior.factor_noise);
        contents.tensors["categories"] = {{static_cast<std::int64_t>(category_count), directions},
                                          prior.categories};
        contents.tensors["factors"] = {{factors, static_cast<std::int64_t>(attribute_count + category_count)},
                                       prior.factors};
        contents.tensors["factor_mean"] = {{weights}, floats(prior.factor_mean)};
        contents.tensors["factor_covariance"] = {{weights, weights}, floats(prior.factor_covariance)};
    }
    write_tensor_file(file, contents, Precision::float32);
}

}  // namespace piaa
