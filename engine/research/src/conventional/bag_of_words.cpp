#include "conventional/bag_of_words.h"

#include <cmath>

#include <piaa/research/conventional.h>

namespace piaa {

using Eigen::Index;
using Eigen::VectorXf;

RowMatrix descriptor_rows(const std::vector<std::uint8_t>& descriptors) {
    const auto length = static_cast<Index>(descriptor_length);
    RowMatrix rows =
        Eigen::Map<const Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            descriptors.data(), static_cast<Index>(descriptors.size()) / length, length)
            .cast<float>();
    for (Index i = 0; i < rows.rows(); ++i) rows.row(i) /= std::max(rows.row(i).norm(), 1e-6F);
    return rows;
}

VectorXf bag_of_words(const std::vector<std::uint8_t>& descriptors, const RowMatrix& centres) {
    const RowMatrix rows = descriptor_rows(descriptors);
    // The nearest centre has the least |c|^2 / 2 - x.c.
    const RowMatrix distances =
        (-(rows * centres.transpose())).rowwise() + 0.5F * centres.rowwise().squaredNorm().transpose();
    VectorXf counts = VectorXf::Zero(centres.rows());
    for (Index i = 0; i < rows.rows(); ++i) {
        Index nearest = 0;
        distances.row(i).minCoeff(&nearest);
        counts[nearest] += 1;
    }
    return (counts / std::max<float>(1, static_cast<float>(rows.rows()))).cwiseSqrt();
}

VectorXf fisher_vector(const RowMatrix& points, const Mixture& mixture) {
    const Index parts = mixture.means.rows();
    const Index width = mixture.means.cols();
    const RowMatrix inverse = mixture.variances.cwiseMax(1e-8F).cwiseInverse();
    // log of weight * density of every point under every part, without what is common to all.
    RowMatrix logs = -0.5F * (points.cwiseAbs2() * inverse.transpose());
    logs += points * mixture.means.cwiseProduct(inverse).transpose();
    for (Index k = 0; k < parts; ++k)
        logs.col(k).array() += std::log(std::max(mixture.weights[k], 1e-12F)) -
                               0.5F * mixture.means.row(k).cwiseAbs2().dot(inverse.row(k)) +
                               0.5F * inverse.row(k).array().log().sum();
    RowMatrix shares = (logs.colwise() - logs.rowwise().maxCoeff().eval()).array().exp();
    shares = shares.array().colwise() / shares.rowwise().sum().eval().array();

    const auto count = std::max<float>(1, static_cast<float>(points.rows()));
    VectorXf result(2 * parts * width);
    for (Index k = 0; k < parts; ++k) {
        const float mass = shares.col(k).sum();
        const Eigen::ArrayXf mean = mixture.means.row(k).transpose();
        const Eigen::ArrayXf root = inverse.row(k).transpose().array().sqrt();
        const Eigen::ArrayXf sum = (points.transpose() * shares.col(k)).array();
        const Eigen::ArrayXf squares = (points.cwiseAbs2().transpose() * shares.col(k)).array();
        const float weight = std::max(mixture.weights[k], 1e-12F);
        result.segment(2 * k * width, width) = (sum - mass * mean) * root / (count * std::sqrt(weight));
        result.segment((2 * k + 1) * width, width) =
            ((squares - 2 * sum * mean + mass * mean.square()) * root.square() - mass) /
            (count * std::sqrt(2 * weight));
    }
    result = result.array().sign() * result.array().abs().sqrt();
    return result / std::max(result.norm(), 1e-12F);
}

}  // namespace piaa
