#pragma once

#include <Eigen/Dense>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "io/tensor_file.h"

namespace piaa {

/// y = PReLU(weights x + bias); without slopes no PReLU.
struct DenseLayer {
    Eigen::MatrixXf weights;  ///< outputs x inputs
    Eigen::VectorXf bias;
    Eigen::VectorXf slope;  ///< of the negative side; empty for none

    Eigen::VectorXf operator()(const Eigen::VectorXf& input) const;
};

/// PA_IAA's two streams behind a network that is left as it is (Li, Zhu et al. 2020): layers that both share,
/// a head for the distribution of ratings and one for five style axes (the literature's personality traits).
/// MT_IAA is the same without the personality task, so its axes are whatever the start made them.
class StyleNetwork {
public:
    std::string kind = "pa";    ///< "pa" or "mt"
    std::vector<int> places;    ///< which of taste_inputs() go in
    Eigen::VectorXf mean;       ///< of each of them over the training photos
    Eigen::VectorXf deviation;  ///< above 0
    std::vector<DenseLayer> shared;
    std::vector<DenseLayer> aesthetic;    ///< ends in one number per rating; softmax follows
    std::vector<DenseLayer> personality;  ///< ends in five numbers; tanh follows
    /// What a photo with much of an axis looks like: "more warmth, less contrast".
    std::array<std::string, 5> descriptions;
    /// Five rows: an axis as a constant and a weight on each direction of the prior with this hash, so that a
    /// profile that was learned on those directions can be told in axes. Empty for none.
    Eigen::MatrixXf from_directions;
    std::string directions_prior;

    /// taste_inputs() of a photo, standardised.
    Eigen::VectorXf input(std::span<const float> taste_inputs) const;
    /// -1 to 1, one number per trait.
    Eigen::VectorXf axes(std::span<const float> taste_inputs) const;
    /// Probability of each rating, lowest first.
    Eigen::VectorXf distribution(std::span<const float> taste_inputs) const;
};

/// Writes it as tensors "style..." and reads it back; throws Error(bad_model) naming the file for tensors
/// that do not fit together or a photo of `inputs` numbers.
void put_style_network(TensorFile& contents, const StyleNetwork& network);
StyleNetwork take_style_network(const TensorFile& contents, std::size_t inputs, const std::string& file);

}  // namespace piaa
