#include "math/ridge.h"

#include <Eigen/Dense>

#include <piaa/error.h>

#include "support/catch.h"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using piaa::fit_ridge;

namespace {

/// Repeatable numbers between -1 and 1.
MatrixXd noise(int rows, int columns, unsigned state = 7) {
    MatrixXd values(rows, columns);
    for (double& value : values.reshaped()) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<double>(state >> 8) / (1U << 23) - 1;
    }
    return values;
}

}  // namespace

TEST_CASE("ridge in dual form is the textbook's solution", "[ridge]") {
    const MatrixXd x = noise(12, 5);
    const MatrixXd y = noise(12, 2, 8);
    const VectorXd weights = VectorXd::LinSpaced(12, 0.2, 1.4);
    const auto rule = fit_ridge(x, y, weights, {0.1, 1});

    const Eigen::RowVectorXd centre = weights.transpose() * x / weights.sum();
    const MatrixXd centred = x.rowwise() - centre;
    const double unit = (centred * centred.transpose()).trace() / 12;
    const Eigen::RowVectorXd mean = weights.transpose() * y / weights.sum();
    for (const int target : {0, 1}) {
        MatrixXd normal = centred.transpose() * weights.asDiagonal() * centred;
        normal.diagonal().array() += (target == 0 ? 0.1 : 1) * unit;
        const VectorXd right = centred.transpose() * weights.asDiagonal() * (y.rowwise() - mean).col(target);
        const VectorXd expected = normal.llt().solve(right);
        CHECK((rule.weights.col(target) - expected).norm() < 1e-9);
        CHECK(rule.intercept[target] == Approx(mean[target] - centre.dot(expected)));
    }
}

TEST_CASE("noise gets a high penalty and a clear rule a low one", "[ridge]") {
    const MatrixXd x = noise(60, 40);
    MatrixXd y = noise(60, 2, 8);
    y.col(1) = 3 * x.col(2).array() + 1;
    std::vector<int> folds;
    for (int i = 0; i < 60; ++i) folds.push_back(i % 5);
    const auto rule = fit_ridge({x, VectorXd::Ones(60), folds, [&](int) { return y; }});
    CHECK(rule.penalties[0] > 100 * rule.penalties[1]);
    CHECK((rule.held_out.col(1) - y.col(1)).norm() < 0.1 * y.col(1).norm());
}

TEST_CASE("a photo in no fold is learned from and never held out", "[ridge]") {
    const MatrixXd x = noise(20, 3);
    const MatrixXd y = x.rowwise().sum();
    std::vector<int> folds(20, -1);
    for (int i = 0; i < 10; ++i) folds[i] = i % 2;
    const auto rule = fit_ridge({x, VectorXd::Ones(20), folds, [&](int) { return y; }});
    CHECK(rule.held_out.bottomRows(10).norm() == 0);
    CHECK(rule.held_out.topRows(10).norm() > 0);
    CHECK_THROWS_AS(fit_ridge({x, VectorXd::Ones(20), std::vector<int>(20, 0), [&](int) { return y; }}),
                    piaa::Error);
}

TEST_CASE("a constant column has no say", "[ridge]") {
    MatrixXd x = noise(10, 2);
    x.col(1).setConstant(5);
    const piaa::Standardiser standardiser(x);
    CHECK(standardiser(x).col(1).norm() == 0);
    CHECK(standardiser(x).col(0).squaredNorm() / 10 == Approx(1));
}
