#pragma once

#include <Eigen/Dense>
#include <vector>

namespace piaa {

/// Which ratings would tell most about how a person ranks an album, given what is known of their weights.
/// What an answer tells does not depend on the answer, so a whole list can be chosen beforehand.
class VarianceReduction {
public:
    /// photos: one row of the linear model per photo, those that may be asked about and the album alike.
    VarianceReduction(Eigen::MatrixXd photos, Eigen::MatrixXd covariance, double noise);

    /// How much the uncertainty about the differences between the album's photos shrinks by rating each
    /// photo, in mean variance. What moves all photos alike is no difference.
    Eigen::VectorXd gains() const;
    /// Takes note that somebody rates this row.
    void learn(const Eigen::VectorXd& row, double noise);
    void learn(Eigen::Index photo) { learn(photos_.row(photo), noise_); }

private:
    Eigen::MatrixXd photos_;
    Eigen::MatrixXd covariance_;
    double noise_;
    Eigen::MatrixXd shared_;  ///< album x photos: covariance of the predictions, centred over the album
    std::vector<Eigen::Index> album_;
    Eigen::VectorXd unsure_;  ///< variance of the prediction of each photo
};

/// The `count` photos that tell most, one after the other, each chosen knowing the ones before.
std::vector<Eigen::Index> greedy_design(VarianceReduction reduction, Eigen::Index photos, Eigen::Index count);

}  // namespace piaa
