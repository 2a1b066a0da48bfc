#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <random>
#include <vector>

#include "taste/style_network.h"

namespace piaa {

/// How parameters follow their gradients.
struct DescentOptions {
    bool adam = false;  ///< Adam without weight decay; otherwise momentum
    double momentum = 0.9;
    double weight_decay = 1e-5;
};

/// Numbers that are learned, with what their optimiser remembers.
struct Parameter {
    Eigen::MatrixXf value;
    Eigen::MatrixXf gradient;
    Eigen::MatrixXf first;
    Eigen::MatrixXf second;
    int steps = 0;

    void start(Eigen::MatrixXf from);
    void optimizer_step(double learning_rate, const DescentOptions& options);
};

/// A dense layer while it is trained, with batch normalisation, PReLU and dropout as wanted. Batches are one
/// photo a row.
class TrainableLayer {
public:
    struct Form {
        Eigen::Index inputs = 0;
        Eigen::Index outputs = 0;
        bool normalised = false;
        bool prelu = false;
        double dropout = 0;
    };

    TrainableLayer(const Form& form, std::mt19937_64& random);

    Eigen::MatrixXf forward(const Eigen::MatrixXf& batch, std::mt19937_64& random);
    /// From the gradient of the output of the last forward() to that of its input; keeps the parameters'.
    Eigen::MatrixXf backward(Eigen::MatrixXf gradient);
    void optimizer_step(double learning_rate, const DescentOptions& options);
    /// As used afterwards: normalisation by running statistics folded into the weights, no dropout.
    DenseLayer folded() const;

private:
    Form form_;
    Parameter weights_;  ///< inputs x outputs
    Parameter bias_;
    Parameter scale_;  ///< of batch normalisation
    Parameter shift_;
    Parameter slope_;
    Eigen::RowVectorXf running_mean_;
    Eigen::RowVectorXf running_variance_;
    // Of the last forward().
    Eigen::MatrixXf input_;
    Eigen::MatrixXf normal_;
    Eigen::RowVectorXf inverse_deviation_;
    Eigen::MatrixXf before_prelu_;
    Eigen::MatrixXf kept_;
};

/// Layers one after the other.
class TrainableLayers {
public:
    void add(const TrainableLayer::Form& form, std::mt19937_64& random) {
        layers_.emplace_back(form, random);
    }
    Eigen::MatrixXf forward(Eigen::MatrixXf batch, std::mt19937_64& random);
    Eigen::MatrixXf backward(Eigen::MatrixXf gradient);
    void optimizer_step(double learning_rate, const DescentOptions& options);
    std::vector<DenseLayer> folded() const;

private:
    std::vector<TrainableLayer> layers_;
};

}  // namespace piaa
