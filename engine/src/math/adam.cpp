#include "math/adam.h"

#include <cmath>

namespace piaa {

Adam::Adam(Eigen::Index size, const AdamOptions& options)
    : options_(options), first_(Eigen::VectorXd::Zero(size)), second_(Eigen::VectorXd::Zero(size)) {}

void Adam::step(Eigen::VectorXd& parameters, const Eigen::VectorXd& gradient) {
    ++steps_;
    first_ = options_.first_decay * first_ + (1 - options_.first_decay) * gradient;
    second_ = options_.second_decay * second_ + (1 - options_.second_decay) * gradient.cwiseAbs2();
    const double first_scale = options_.bias_correction ? 1 - std::pow(options_.first_decay, steps_) : 1;
    const double second_scale = options_.bias_correction ? 1 - std::pow(options_.second_decay, steps_) : 1;
    parameters.array() -= options_.learning_rate * (first_.array() / first_scale) /
                          ((second_.array() / second_scale).sqrt() + options_.epsilon);
}

void minimise(Adam& adam, int steps, const Eigen::MatrixXd& rows, const Eigen::VectorXd& targets,
              Eigen::VectorXd& weights) {
    for (int i = 0; i < steps; ++i)
        adam.step(weights,
                  2.0 / static_cast<double>(rows.rows()) * (rows.transpose() * (rows * weights - targets)));
}

}  // namespace piaa
