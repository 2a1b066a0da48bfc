#pragma once

#include <Eigen/Dense>

namespace piaa {

/// Adam in the forms that the literature on this subject uses (see AdamOptions).
struct AdamOptions {
    double learning_rate = 1e-2;
    double first_decay = 0.9;
    double second_decay = 0.999;
    double epsilon = 1e-8;
    bool bias_correction = true;

    /// The formula as the lecture prints it: one decay for both moments and no bias correction.
    static AdamOptions slide(double learning_rate) { return {learning_rate, 0.9, 0.9, 1e-8, false}; }
    /// torch.optim.Adam.
    static AdamOptions pytorch(double learning_rate) { return {.learning_rate = learning_rate}; }
};

/// Takes one descent step after the other; keeps its moments from call to call.
class Adam {
public:
    Adam(Eigen::Index size, const AdamOptions& options);
    void set_learning_rate(double learning_rate) { options_.learning_rate = learning_rate; }
    void step(Eigen::VectorXd& parameters, const Eigen::VectorXd& gradient);

private:
    AdamOptions options_;
    Eigen::VectorXd first_;
    Eigen::VectorXd second_;
    int steps_ = 0;
};

/// Fits a linear head by `steps` full-batch steps on the mean squared error, from where `weights` is.
void minimise(Adam& adam, int steps, const Eigen::MatrixXd& rows, const Eigen::VectorXd& targets,
              Eigen::VectorXd& weights);

}  // namespace piaa
