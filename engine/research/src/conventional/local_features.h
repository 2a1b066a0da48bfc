#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Normal distributions with diagonal covariance, one per row.
struct Mixture {
    Eigen::VectorXf weights;
    RowMatrix means;
    RowMatrix variances;
};

/// Choices of a support-vector regression.
struct SupportVectorOptions {
    bool linear = false;  ///< otherwise radial
    double penalty = 1;   ///< C
    double width = 1;     ///< gamma of the radial kernel
    double tolerance = 0.1;
};

/// What OpenCV does for the conventional route. In a module of its own, opened on first need, because its
/// libraries would cost every start of a program.
class LocalFeatures {
public:
    virtual ~LocalFeatures() = default;
    /// 128 numbers per place of a grid, at two patch sizes.
    virtual std::vector<std::uint8_t> dense_sift(const Image& image) const = 0;
    /// Centres of so many clusters, one per row.
    virtual RowMatrix cluster(const RowMatrix& points, int count, std::uint64_t seed) const = 0;
    virtual Mixture fit_mixture(const RowMatrix& points, int count, std::uint64_t seed) const = 0;
    /// Learned on rows and targets, the prediction for other rows.
    virtual std::vector<double> regress(const RowMatrix& rows, const std::vector<double>& targets,
                                        const RowMatrix& others,
                                        const SupportVectorOptions& options) const = 0;
};

/// Opens libpiaa_opencv beside libpiaa, once. Throws Error(bad_model) with the loader's reason.
PIAA_API const LocalFeatures& local_features();

}  // namespace piaa
