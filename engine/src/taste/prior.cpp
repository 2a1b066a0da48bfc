#include <Eigen/Dense>
#include <algorithm>
#include <sstream>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
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

/// The values of a tensor, of whatever length: Prior checks that.
const std::vector<float>& values(const TensorFile& contents, const std::string& name,
                                 const std::string& file) {
    const auto found = contents.tensors.find(name);
    if (found == contents.tensors.end()) refuse(file, "tensor " + name + " is missing");
    return found->second.values;
}

std::vector<double> doubles(const std::vector<float>& values) {
    return {values.begin(), values.end()};
}

std::vector<float> floats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

ContentPrior read_content(const TensorFile& contents, const std::string& file) {
    return {.categories = values(contents, "categories", file),
            .category_width = number(contents, "category_width", file),
            .factors = values(contents, "factors", file),
            .factor_mean = doubles(values(contents, "factor_mean", file)),
            .factor_covariance = doubles(values(contents, "factor_covariance", file)),
            .factor_noise = number(contents, "factor_noise", file)};
}

PriorParts parse_prior(const TensorFile& contents, const std::string& file) {
    if (text(contents, "piaa.prior", file) != "1")
        refuse(file, "prior format is \"" + text(contents, "piaa.prior", file) + "\" and should be \"1\"");
    PriorParts prior;
    prior.model = text(contents, "model", file);
    prior.model_name = text(contents, "model_name", file);
    prior.description = text(contents, "description", file);
    std::istringstream seen(text(contents, "seen", file));
    for (std::string id; seen >> id;) prior.seen.push_back(id);
    prior.centre = number(contents, "centre", file);
    prior.noise = number(contents, "noise", file);
    prior.gate_deviation = number(contents, "gate_deviation", file);
    if (contents.metadata.contains("style")) {
        prior.directions = trait_count;
        prior.inputs = static_cast<std::size_t>(number(contents, "inputs", file));
        prior.own_generic = text(contents, "generic", file) == "own";
        prior.style = std::make_shared<const StyleNetwork>(take_style_network(contents, prior.inputs, file));
    } else {
        const auto projection = contents.tensors.find("projection");
        if (projection == contents.tensors.end() || projection->second.shape.size() != 2)
            refuse(file, "tensor projection should be directions x inputs");
        prior.directions = static_cast<std::size_t>(projection->second.shape[0]);
        prior.inputs = static_cast<std::size_t>(projection->second.shape[1]);
        prior.projection = projection->second.values;
        prior.offset = values(contents, "offset", file);
        if (contents.tensors.contains("categories")) prior.content = read_content(contents, file);
    }
    prior.mean = doubles(values(contents, "mean", file));
    prior.covariance = doubles(values(contents, "covariance", file));
    return prior;
}

/// The rules of Prior, for its constructor.
class PriorCheck {
public:
    PriorCheck(const PriorParts& parts, const std::string& name) : parts_(parts), name_(name) {}

    void run() const {
        if (parts_.directions == 0 || parts_.row_length() > UserProfile::longest_row)
            refuse(name_, "prior has " + std::to_string(parts_.directions) +
                              " directions and should have 1 to " +
                              std::to_string(UserProfile::longest_row - 1 - attribute_count));
        above_zero("noise", parts_.noise);
        above_zero("gate_deviation", parts_.gate_deviation);
        const std::size_t projected = parts_.style ? 0 : parts_.directions;
        length("projection", parts_.projection, projected * parts_.inputs);
        length("offset", parts_.offset, projected);
        if (parts_.style && parts_.directions != trait_count)
            refuse(name_, "prior of style axes has " + std::to_string(parts_.directions) +
                              " directions and should have " + std::to_string(trait_count));
        length("mean", parts_.mean, parts_.weights());
        length("covariance", parts_.covariance, parts_.weights() * parts_.weights());
        const auto size = static_cast<Eigen::Index>(parts_.weights());
        const Eigen::Map<const Eigen::MatrixXd> covariance(parts_.covariance.data(), size, size);
        if (!covariance.allFinite() || Eigen::LLT<Eigen::MatrixXd>(covariance).info() != Eigen::Success)
            refuse(name_, "tensor covariance should be positive definite");
        if (parts_.content) check_content(*parts_.content);
    }

private:
    void above_zero(const std::string& field, double value) const {
        if (!(value > 0)) refuse(name_, field + " is " + std::to_string(value) + " and should be above 0");
    }

    template <typename Values>
    void length(const std::string& tensor, const Values& values, std::size_t expected) const {
        if (values.size() != expected)
            refuse(name_, "tensor " + tensor + " has " + std::to_string(values.size()) +
                              " values and should have " + std::to_string(expected));
    }

    void check_content(const ContentPrior& content) const {
        constexpr std::size_t weights = 1 + factor_count;
        length("categories", content.categories, category_count * parts_.directions);
        length("factors", content.factors, factor_count * (attribute_count + category_count));
        length("factor_mean", content.factor_mean, weights);
        length("factor_covariance", content.factor_covariance, weights * weights);
        above_zero("category_width", content.category_width);
        above_zero("factor_noise", content.factor_noise);
    }

    const PriorParts& parts_;
    const std::string& name_;
};

}  // namespace

Prior::Prior(PriorParts parts, const std::string& name) : parts_(std::move(parts)) {
    PriorCheck(parts_, name).run();
    std::sort(parts_.seen.begin(), parts_.seen.end());
}

bool Prior::has_seen(const std::string& content_id) const {
    return std::binary_search(parts_.seen.begin(), parts_.seen.end(), content_id.substr(0, seen_digits));
}

std::vector<float> taste_inputs(const Features& features) {
    std::vector<float> inputs = features.pooled;
    inputs.insert(inputs.end(), features.attributes.begin(), features.attributes.end());
    return inputs;
}

std::vector<float> feature_row(const Model& model, const Prior& prior, const Features& features) {
    const auto inputs = taste_inputs(features);
    if (prior.model() != model.info().hash || inputs.size() != prior.inputs())
        throw Error(ErrorCode::bad_argument, "prior belongs to model " + prior.model_name() + " (" +
                                                 prior.model() + ") and not to " + model.info().name + " (" +
                                                 model.info().hash + ")");
    std::vector<float> row;
    row.reserve(prior.row_length());
    if (prior.style() && prior.own_generic()) {
        const Eigen::VectorXf p = prior.style()->distribution(inputs);
        row.push_back(p.dot(Eigen::VectorXf::LinSpaced(p.size(), 0, 1)));
    } else {
        const ScoreDistribution ratings = predict_ratings(model, features);
        row.push_back(
            static_cast<float>((ratings.mean() - ratings.low()) / (ratings.high() - ratings.low())));
    }
    if (prior.style()) {
        const Eigen::VectorXf axes = prior.style()->axes(inputs);
        row.insert(row.end(), axes.data(), axes.data() + axes.size());
        row.insert(row.end(), features.attributes.begin(), features.attributes.end());
        return row;
    }
    const Eigen::Map<const Eigen::VectorXf> x(inputs.data(), static_cast<Eigen::Index>(inputs.size()));
    for (std::size_t i = 0; i < prior.directions(); ++i)
        row.push_back(prior.offset()[i] + Eigen::Map<const Eigen::VectorXf>(
                                              prior.projection().data() + i * prior.inputs(), x.size())
                                              .dot(x));
    row.insert(row.end(), features.attributes.begin(), features.attributes.end());
    return row;
}

Prior load_prior(const boost::filesystem::path& file) {
    const auto bytes = read_whole_file(file, max_tensor_file);
    PriorParts parts = parse_prior(parse_tensor_file(bytes, file.string()), file.string());
    parts.hash = sha256(bytes);
    return Prior(std::move(parts), file.string());
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
    if (prior.model() != model.info().hash)
        refuse(file.string(), "prior belongs to model " + prior.model() + " and not to " + model.info().name +
                                  ", which is " + model.info().hash);
    return prior;
}

void save_prior(const boost::filesystem::path& file, const Prior& whole) {
    const PriorParts& prior = whole.parts();
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
    if (prior.content) {
        const ContentPrior& content = *prior.content;
        const auto factors = static_cast<std::int64_t>(factor_count);
        const auto weights = factors + 1;
        contents.metadata["category_width"] = precise(content.category_width);
        contents.metadata["factor_noise"] = precise(content.factor_noise);
        contents.tensors["categories"] = {{static_cast<std::int64_t>(category_count), directions},
                                          content.categories};
        contents.tensors["factors"] = {{factors, static_cast<std::int64_t>(attribute_count + category_count)},
                                       content.factors};
        contents.tensors["factor_mean"] = {{weights}, floats(content.factor_mean)};
        contents.tensors["factor_covariance"] = {{weights, weights}, floats(content.factor_covariance)};
    }
    write_tensor_file(file, contents, Precision::float32);
}

}  // namespace piaa
