#pragma once

#include <Eigen/Core>
#include <functional>
#include <span>
#include <vector>

namespace piaa {

/// Shift and scale that give every column of a matrix mean 0 and deviation 1; a constant column becomes 0.
struct Standardiser {
    Eigen::RowVectorXd mean;
    Eigen::RowVectorXd scale;  ///< 1 / deviation, or 0

    explicit Standardiser(const Eigen::MatrixXd& rows);
    Eigen::MatrixXd operator()(const Eigen::MatrixXd& rows) const;
};

/// A linear rule: prediction = features * weights + intercept, one column a target.
struct LinearRule {
    Eigen::MatrixXd weights;
    Eigen::RowVectorXd intercept;
    std::vector<double> penalties;  ///< of each target, in units of the kernel's mean eigenvalue
    Eigen::MatrixXd held_out;       ///< predictions from the folds without the photo; 0 where it has no fold

    Eigen::MatrixXd operator()(const Eigen::MatrixXd& features) const {
        return (features * weights).rowwise() + intercept;
    }
};

/// What ridge regression learns from: one row per photo.
struct RidgeTask {
    Eigen::MatrixXd features;
    Eigen::VectorXd weights;  ///< how much each photo counts, above 0
    /// The fold of each photo, from 0 (see make_folds()); -1 for a photo that is in every fit.
    std::vector<int> folds;
    /// The targets, photos x targets, as known without the photos of a fold; -1 asks for all that is known.
    /// They differ where photos are labelled by a teacher, who must not have seen the fold either.
    std::function<Eigen::MatrixXd(int fold)> targets;
};

/// Ridge regression in dual form: the cost grows with the cube of the number of photos, however many numbers
/// describe one. Each target gets the penalty that predicts its held-out folds best, in weighted squares.
/// Throws Error(bad_argument) when fewer than two folds have photos.
LinearRule fit_ridge(const RidgeTask& task);

/// The same with the penalties given, one a target.
LinearRule fit_ridge(const Eigen::MatrixXd& features, const Eigen::MatrixXd& targets,
                     const Eigen::VectorXd& weights, const std::vector<double>& penalties);

}  // namespace piaa
