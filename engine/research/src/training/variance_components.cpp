#include "training/variance_components.h"

#include "math/indexing.h"

namespace piaa {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// One panel's people summed up, and what each component would make them co-vary.
struct Moments {
    double people = 0;
    MatrixXd observed;
    std::vector<MatrixXd> kernels;  ///< constant, slope, noise, blocks
};

Moments sum_up(const Panel& panel, const std::vector<FeatureBlock>& blocks, const VectorXd& generic) {
    const auto count = static_cast<Eigen::Index>(panel.photos.size());
    Moments moments;
    moments.people = static_cast<double>(panel.ratings.rows());
    moments.observed = panel.ratings.transpose() * panel.ratings / moments.people;
    const VectorXd score = generic(panel.photos);
    moments.kernels = {MatrixXd::Ones(count, count), score * score.transpose(),
                       MatrixXd::Identity(count, count)};
    for (const FeatureBlock& block : blocks) {
        const MatrixXd rows = block(panel.photos, indexing::all);
        moments.kernels.push_back(rows * rows.transpose() / static_cast<double>(block.cols()));
    }
    return moments;
}

}  // namespace

VarianceComponents find_variance_components(const std::vector<Panel>& panels,
                                            const std::vector<FeatureBlock>& blocks, const VectorXd& generic,
                                            int steps) {
    std::vector<Moments> all;
    double variance = 0;
    for (const Panel& panel : panels) {
        all.push_back(sum_up(panel, blocks, generic));
        variance += panel.ratings.squaredNorm() / static_cast<double>(panel.ratings.size()) /
                    static_cast<double>(panels.size());
    }
    const auto sources = static_cast<Eigen::Index>(3 + blocks.size());
    VectorXd shares = VectorXd::Constant(sources, 0.2 * variance / static_cast<double>(blocks.size()));
    shares.head(3) << 0.2 * variance, 0.1, 0.4 * variance;
    for (int step = 0; step < steps; ++step) {
        VectorXd explained = VectorXd::Zero(sources);
        VectorXd expected = VectorXd::Zero(sources);
        for (const Moments& moments : all) {
            MatrixXd total = MatrixXd::Zero(moments.observed.rows(), moments.observed.cols());
            for (Eigen::Index i = 0; i < sources; ++i) total += shares[i] * moments.kernels[i];
            const MatrixXd inverse = total.llt().solve(MatrixXd::Identity(total.rows(), total.cols()));
            const MatrixXd weighted = inverse * moments.observed * inverse;
            for (Eigen::Index i = 0; i < sources; ++i) {
                explained[i] += moments.people * moments.kernels[i].cwiseProduct(weighted).sum();
                expected[i] += moments.people * moments.kernels[i].cwiseProduct(inverse).sum();
            }
        }
        shares = shares.array() * (explained.array() / expected.array().max(1e-300)).sqrt();
    }
    VarianceComponents result{shares[0], shares[1], shares[2], {}};
    for (Eigen::Index i = 3; i < sources; ++i) result.blocks.push_back(shares[i]);
    return result;
}

}  // namespace piaa
