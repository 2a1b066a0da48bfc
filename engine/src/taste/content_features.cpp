#include "taste/content_features.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <piaa/error.h>

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int rounds = 50;  // of k-means, which settles long before
constexpr int em_steps = 10;
constexpr double ridge = 10;  // photos' worth of shrinkage of one person's weights on content

using Places = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// Squared distance of each place (row) to each centre (column).
MatrixXd distances(const MatrixXd& places, const MatrixXd& centres) {
    MatrixXd squared = -2 * places * centres.transpose();
    squared.colwise() += places.rowwise().squaredNorm().eval();
    squared.rowwise() += centres.rowwise().squaredNorm().transpose().eval();
    return squared.cwiseMax(0);
}

MatrixXd farthest_apart(const MatrixXd& places, Index count) {
    MatrixXd centres(count, places.cols());
    Index next = 0;
    (places.rowwise() - places.colwise().mean()).rowwise().squaredNorm().minCoeff(&next);
    VectorXd nearest = VectorXd::Constant(places.rows(), std::numeric_limits<double>::max());
    for (Index i = 0; i < count; ++i) {
        centres.row(i) = places.row(next);
        nearest = nearest.cwiseMin((places.rowwise() - places.row(next)).rowwise().squaredNorm());
        nearest.maxCoeff(&next);
    }
    return centres;
}

}  // namespace

const ContentPrior& content_of(const Prior& prior) {
    if (!prior.content())
        throw Error(ErrorCode::bad_argument,
                    "this prior has no content categories, which this method needs: make it anew with "
                    "piaa-batch train prior");
    return *prior.content();
}

VectorXd content_features(const ContentPrior& content, std::span<const float> row) {
    const auto count = static_cast<Index>(category_count);
    const auto directions = static_cast<Index>(content.categories.size()) / count;
    const auto attributes = static_cast<Index>(attribute_count);
    const AttributeNorms& norms = attribute_norms();
    VectorXd result(attributes + count);
    for (Index i = 0; i < attributes; ++i)
        result[i] = (row[1 + directions + i] - norms.mean[i]) / norms.deviation[i];
    const VectorXd place = Eigen::Map<const Eigen::VectorXf>(row.data() + 1, directions).cast<double>();
    const MatrixXd centres = Places(content.categories.data(), count, directions).cast<double>();
    const VectorXd squared = (centres.rowwise() - place.transpose()).rowwise().squaredNorm();
    const VectorXd shares =
        ((squared.array() - squared.minCoeff()) / (-2 * content.category_width * content.category_width))
            .exp();
    result.tail(count) = shares / shares.sum();
    return result;
}

VectorXd content_features(const Prior& prior, std::span<const float> row) {
    return content_features(content_of(prior), row);
}

VectorXd taste_place(const Prior& prior, std::span<const float> row) {
    return Eigen::Map<const Eigen::VectorXf>(row.data() + 1, static_cast<Index>(prior.directions()))
        .cast<double>();
}

void find_categories(const MatrixXd& places, ContentPrior& content) {
    const Index count = std::min<Index>(category_count, places.rows());
    MatrixXd centres = farthest_apart(places, count);
    std::vector<Index> kind(static_cast<std::size_t>(places.rows()), -1);
    double spread = 0;
    for (int round = 0; round < rounds; ++round) {
        const MatrixXd squared = distances(places, centres);
        bool moved = false;
        spread = 0;
        MatrixXd sums = MatrixXd::Zero(count, places.cols());
        VectorXd sizes = VectorXd::Zero(count);
        for (Index i = 0; i < places.rows(); ++i) {
            Index nearest = 0;
            spread += squared.row(i).minCoeff(&nearest);
            moved = moved || kind[i] != nearest;
            kind[i] = nearest;
            sums.row(nearest) += places.row(i);
            ++sizes[nearest];
        }
        if (!moved) break;
        for (Index c = 0; c < count; ++c)
            if (sizes[c] > 0) centres.row(c) = sums.row(c) / sizes[c];
    }
    // Half the usual distance to one's own centre per direction keeps shares soft in many directions.
    content.category_width = std::max(1e-6, std::sqrt(spread / static_cast<double>(places.rows())) / 2);
    const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> stored =
        centres.cast<float>();
    content.categories.assign(stored.data(), stored.data() + stored.size());
}

void find_factors(const std::vector<RatedContent>& panels, ContentPrior& content) {
    const Index size = panels.front().content.cols();
    const Index count = std::min<Index>(factor_count, size);
    // Each person's own weights, shrunk; the factors are the directions that carry most of them.
    MatrixXd spread = MatrixXd::Zero(size, size);
    for (const RatedContent& panel : panels) {
        const MatrixXd centred = panel.content.rowwise() - panel.content.colwise().mean();
        MatrixXd normal = centred.transpose() * centred;
        normal.diagonal().array() += ridge;
        const MatrixXd weights = normal.llt().solve(
            centred.transpose() * (panel.ratings.colwise() - panel.ratings.rowwise().mean()).transpose());
        spread += weights * weights.transpose();
    }
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(spread);
    const MatrixXd factors = eigen.eigenvectors().rightCols(count).rowwise().reverse().transpose();

    const Index weights = count + 1;  // and the level of one's ratings
    VectorXd mean = VectorXd::Zero(weights);
    MatrixXd covariance = MatrixXd::Identity(weights, weights);
    double noise = 0.05;
    for (int step = 0; step < em_steps; ++step) {
        const MatrixXd precision = covariance.llt().solve(MatrixXd::Identity(weights, weights));
        VectorXd sum = VectorXd::Zero(weights);
        MatrixXd second = MatrixXd::Zero(weights, weights);
        double people = 0;
        double squared_residuals = 0;
        double ratings = 0;
        for (const RatedContent& panel : panels) {
            MatrixXd x(panel.content.rows(), weights);
            x << VectorXd::Ones(panel.content.rows()), panel.content * factors.transpose();
            const MatrixXd posterior =
                (precision + x.transpose() * x / noise).llt().solve(MatrixXd::Identity(weights, weights));
            MatrixXd means = panel.ratings * x / noise;
            means.rowwise() += (precision * mean).transpose();
            means = means * posterior;
            const auto count_here = static_cast<double>(panel.ratings.rows());
            sum += means.colwise().sum().transpose();
            second += means.transpose() * means + count_here * posterior;
            people += count_here;
            squared_residuals += (panel.ratings - means * x.transpose()).squaredNorm() +
                                 count_here * (x * posterior).cwiseProduct(x).sum();
            ratings += static_cast<double>(panel.ratings.size());
        }
        mean = sum / people;
        covariance = second / people - mean * mean.transpose();
        covariance.diagonal().array() += 1e-6;
        noise = squared_residuals / ratings;
    }
    const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> stored =
        factors.cast<float>();
    content.factors.assign(stored.data(), stored.data() + stored.size());
    content.factor_mean.assign(mean.data(), mean.data() + mean.size());
    content.factor_covariance.assign(covariance.data(), covariance.data() + covariance.size());
    content.factor_noise = noise;
}

}  // namespace piaa
