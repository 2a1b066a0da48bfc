#pragma once

#include <Eigen/Dense>
#include <vector>

namespace piaa {

/// People who rated the same photos.
struct Panel {
    std::vector<Eigen::Index> photos;  ///< ascending
    Eigen::MatrixXd ratings;           ///< people x photos
};

/// A kernel between photos whose share in people's taste is to be found, as its features.
using FeatureBlock = Eigen::MatrixXd;

/// How much each source of variation explains of ratings that the line of the generic score was taken from.
struct VarianceComponents {
    double constant = 0;           ///< some rate everything higher
    double slope = 0;              ///< some follow the generic score more
    double noise = 0;              ///< of one rating
    std::vector<double> blocks{};  ///< per mean squared column of each block
};

/// Maximum likelihood by the MM algorithm: every step multiplies each component by the root of (explained /
/// expected), which never lowers the likelihood and keeps all above zero. `generic` is centred.
VarianceComponents find_variance_components(const std::vector<Panel>& panels,
                                            const std::vector<FeatureBlock>& blocks,
                                            const Eigen::VectorXd& generic, int steps);

}  // namespace piaa
