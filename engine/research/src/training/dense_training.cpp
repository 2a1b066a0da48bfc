#include "training/dense_training.h"

#include <cmath>

namespace piaa {

using Eigen::Index;
using Eigen::MatrixXf;
using Eigen::RowVectorXf;

namespace {

constexpr float normalisation_floor = 1e-5F;
constexpr float running_share = 0.1F;  ///< of a batch in the running statistics
constexpr float first_slope = 0.25F;

float uniform(std::mt19937_64& random) {
    return static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-53);
}

}  // namespace

void Parameter::start(MatrixXf from) {
    value = std::move(from);
    gradient = MatrixXf::Zero(value.rows(), value.cols());
    first = gradient;
    second = gradient;
}

void Parameter::optimizer_step(double learning_rate, const DescentOptions& options) {
    if (value.size() == 0) return;
    const auto step = static_cast<float>(learning_rate);
    if (!options.adam) {
        first = static_cast<float>(options.momentum) * first + gradient +
                static_cast<float>(options.weight_decay) * value;
        value -= step * first;
        return;
    }
    ++steps;
    first = 0.9F * first + 0.1F * gradient;
    second = 0.999F * second + 0.001F * gradient.cwiseAbs2();
    const auto mean_share = static_cast<float>(1 - std::pow(0.9, steps));
    const auto square_share = static_cast<float>(1 - std::pow(0.999, steps));
    value.array() -= step * (first.array() / mean_share) / ((second.array() / square_share).sqrt() + 1e-8F);
}

TrainableLayer::TrainableLayer(const Form& form, std::mt19937_64& random) : form_(form) {
    // As PyTorch starts a linear layer: uniform within 1 / sqrt(inputs).
    const float reach = 1 / std::sqrt(static_cast<float>(form.inputs));
    const auto draw = [&](Index rows, Index columns) {
        MatrixXf values(rows, columns);
        for (Index i = 0; i < values.size(); ++i) values.data()[i] = reach * (2 * uniform(random) - 1);
        return values;
    };
    weights_.start(draw(form.inputs, form.outputs));
    bias_.start(draw(1, form.outputs));
    if (form.normalised) {
        scale_.start(MatrixXf::Ones(1, form.outputs));
        shift_.start(MatrixXf::Zero(1, form.outputs));
        running_mean_ = RowVectorXf::Zero(form.outputs);
        running_variance_ = RowVectorXf::Ones(form.outputs);
    }
    if (form.prelu) slope_.start(MatrixXf::Constant(1, form.outputs, first_slope));
}

MatrixXf TrainableLayer::forward(const MatrixXf& batch, std::mt19937_64& random) {
    input_ = batch;
    MatrixXf value = (batch * weights_.value).rowwise() + RowVectorXf(bias_.value.row(0));
    if (form_.normalised) {
        const RowVectorXf mean = value.colwise().mean();
        const MatrixXf centred = value.rowwise() - mean;
        const RowVectorXf variance = centred.array().square().colwise().mean();
        inverse_deviation_ = (variance.array() + normalisation_floor).rsqrt();
        normal_ = centred.array().rowwise() * inverse_deviation_.array();
        value =
            (normal_.array().rowwise() * scale_.value.row(0).array()).rowwise() + shift_.value.row(0).array();
        running_mean_ += running_share * (mean - running_mean_);
        running_variance_ += running_share * (variance - running_variance_);
    }
    if (form_.prelu) {
        before_prelu_ = value;
        const MatrixXf bent = value.array().rowwise() * slope_.value.row(0).array();
        value = (value.array() > 0).select(value, bent);
    }
    if (form_.dropout > 0) {
        kept_.resize(value.rows(), value.cols());
        const auto dropout = static_cast<float>(form_.dropout);
        for (Index i = 0; i < kept_.size(); ++i)
            kept_.data()[i] = uniform(random) < dropout ? 0 : 1 / (1 - dropout);
        value = value.cwiseProduct(kept_);
    }
    return value;
}

MatrixXf TrainableLayer::backward(MatrixXf gradient) {
    if (form_.dropout > 0) gradient = gradient.cwiseProduct(kept_);
    if (form_.prelu) {
        const MatrixXf zero = MatrixXf::Zero(gradient.rows(), gradient.cols());
        slope_.gradient =
            (before_prelu_.array() > 0).select(zero, gradient.cwiseProduct(before_prelu_)).colwise().sum();
        const MatrixXf bent = gradient.array().rowwise() * slope_.value.row(0).array();
        gradient = (before_prelu_.array() > 0).select(gradient, bent);
    }
    if (form_.normalised) {
        scale_.gradient = gradient.cwiseProduct(normal_).colwise().sum();
        shift_.gradient = gradient.colwise().sum();
        const auto count = static_cast<float>(gradient.rows());
        const RowVectorXf along = scale_.gradient.row(0) / count;
        const RowVectorXf mean = shift_.gradient.row(0) / count;
        gradient = (gradient.rowwise() - mean) - MatrixXf(normal_.array().rowwise() * along.array());
        const RowVectorXf factor = scale_.value.row(0).cwiseProduct(inverse_deviation_);
        gradient = (gradient.array().rowwise() * factor.array()).matrix().eval();
    }
    weights_.gradient = input_.transpose() * gradient;
    bias_.gradient = gradient.colwise().sum();
    return gradient * weights_.value.transpose();
}

void TrainableLayer::optimizer_step(double learning_rate, const DescentOptions& options) {
    for (Parameter* parameter : {&weights_, &bias_, &scale_, &shift_, &slope_})
        parameter->optimizer_step(learning_rate, options);
}

DenseLayer TrainableLayer::folded() const {
    DenseLayer layer{weights_.value.transpose(), bias_.value.transpose(), {}};
    if (form_.normalised) {
        const Eigen::VectorXf factor = scale_.value.row(0).transpose().array() *
                                       (running_variance_.transpose().array() + normalisation_floor).rsqrt();
        layer.weights = factor.asDiagonal() * layer.weights;
        layer.bias =
            (layer.bias - running_mean_.transpose()).cwiseProduct(factor) + shift_.value.row(0).transpose();
    }
    if (form_.prelu) layer.slope = slope_.value.transpose();
    return layer;
}

MatrixXf TrainableLayers::forward(MatrixXf batch, std::mt19937_64& random) {
    for (TrainableLayer& layer : layers_) batch = layer.forward(batch, random);
    return batch;
}

MatrixXf TrainableLayers::backward(MatrixXf gradient) {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer)
        gradient = layer->backward(std::move(gradient));
    return gradient;
}

void TrainableLayers::optimizer_step(double learning_rate, const DescentOptions& options) {
    for (TrainableLayer& layer : layers_) layer.optimizer_step(learning_rate, options);
}

std::vector<DenseLayer> TrainableLayers::folded() const {
    std::vector<DenseLayer> all;
    for (const TrainableLayer& layer : layers_) all.push_back(layer.folded());
    return all;
}

}  // namespace piaa
