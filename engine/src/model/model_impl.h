#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <piaa/model.h>

#include "model/token_reading.h"
#include "network/architecture.h"
#include "network/backend.h"
#include "network/pooling.h"
#include "photo/preprocess.h"

namespace piaa {

/// A weighted sum of the pooled numbers of a photo, as they stand in Features::pooled.
struct LinearHead {
    std::vector<float> weights;
    double bias = 0;

    /// Throws Error(bad_argument) when the features come from another model.
    PIAA_API double operator()(std::span<const float> pooled) const;
};

/// Throws Error(bad_argument) when features have another number of pooled numbers than the model's.
PIAA_API void require_pooled(std::size_t found, std::size_t expected);

/// What is inside a Model.
class Model::Impl {
public:
    ModelInfo info;
    std::string requested_device;
    std::string instructions = "auto";
    Preprocessing preprocessing;
    std::vector<int> stage_indices;   ///< which stages of the architecture are pooled
    std::vector<Stage> stages;        ///< those stages, in the order of Features::pooled and Features::maps
    std::vector<float> feature_mean;  ///< of each pooled number over the training photos
    std::vector<float> feature_deviation;
    TokenReading reading;    ///< empty for a model without class tokens, or without the tensors "reading.*"
    LinearHead mean_head;    ///< expected rating on the model's scale, before calibration
    LinearHead spread_head;  ///< softplus of it is the spread of the ratings
    double calibration_slope = 1;  ///< expected rating = slope * mean_head + intercept
    double calibration_intercept = 0;
    int bins = 7;
    std::array<double, 4> star_thresholds{};  ///< on the scale 1 to 10

    /// A transformer's parameters are in a file of their own that models share, named by the model's metadata
    /// "weights" and "weights_sha256". It lies beside the model or among the shipped ones.
    boost::filesystem::path weights;
    std::string weights_hash;

    /// How many numbers Features::pooled has: mean and, in most stages, deviation of each channel of each
    /// stage.
    std::size_t pooled_size() const;

    /// Whether some of these numbers are class tokens, which belong to no place of the photo.
    bool has_class_tokens() const;

    /// The network, opened and loaded on the first call. Throws Error(bad_model) or Error(device).
    const Network& network() const;

    /// The network for running it backwards, made from the model's file on the first call. Throws as
    /// network() does, and when the file is no longer what was loaded.
    const DifferentiableNetwork& differentiable() const;

    /// What network() is made from; emptied once it exists.
    mutable TensorFile parameters;

private:
    NetworkSpec spec() const;

    mutable std::once_flag loaded_;
    mutable std::unique_ptr<Network> network_;
    mutable std::once_flag differentiable_loaded_;
    mutable std::unique_ptr<DifferentiableNetwork> differentiable_;
};

/// The model in a model file's contents; `file` is used in messages. Throws Error(bad_model).
std::shared_ptr<Model::Impl> read_model(TensorFile contents, const std::string& file);

/// A rating on the model's own scale, put on the scale 1 to 10.
PIAA_API double on_ten_scale(const ModelInfo& info, double rating);

/// 1 to 5 for a score from 1 to 10, by the model's thresholds.
int stars_of(const Model& model, double score);

}  // namespace piaa
