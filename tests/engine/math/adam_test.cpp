#include "math/adam.h"

#include "support/catch.h"

using namespace piaa;

namespace {

/// How far so many steps of learning_rate 1 go when the gradient never changes.
double distance(const AdamOptions& options, int steps) {
    Adam adam(1, options);
    Eigen::VectorXd parameter = Eigen::VectorXd::Zero(1);
    for (int i = 0; i < steps; ++i) adam.step(parameter, Eigen::VectorXd::Constant(1, 0.3));
    return -parameter[0];
}

}  // namespace

// The forms of Adam differ in how far they go in the five steps of BLG-PIAA.
TEST_CASE("Adam with bias correction takes steps of its rate", "[adam]") {
    CHECK(distance(AdamOptions::pytorch(1), 1) == Approx(1).margin(1e-6));
    CHECK(distance(AdamOptions::pytorch(1), 5) == Approx(5).margin(1e-5));
}

TEST_CASE("Adam as the lecture prints it starts slowly", "[adam]") {
    CHECK(distance(AdamOptions::slide(1), 1) == Approx(0.316).margin(1e-3));
    CHECK(distance(AdamOptions::slide(1), 5) == Approx(2.5).margin(0.05));
}

TEST_CASE("Adam with two decays and no correction starts with leaps", "[adam]") {
    const AdamOptions uncorrected{.learning_rate = 1, .bias_correction = false};
    CHECK(distance(uncorrected, 1) == Approx(3.16).margin(0.01));
    CHECK(distance(uncorrected, 5) == Approx(23.6).margin(0.1));
}

TEST_CASE("descend follows the gradient of the mean squared error", "[adam]") {
    const Eigen::MatrixXd rows = (Eigen::MatrixXd(3, 2) << 1, 0, 1, 1, 1, 2).finished();
    const Eigen::VectorXd targets = (Eigen::VectorXd(3) << 1, 3, 5).finished();
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(2);
    Adam adam(2, AdamOptions::pytorch(0.05));
    minimise(adam, 2000, rows, targets, weights);
    CHECK(weights[0] == Approx(1).margin(1e-3));
    CHECK(weights[1] == Approx(2).margin(1e-3));
}
