#include "selection/variance_reduction.h"

#include <algorithm>

#include "math/indexing.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// So many photos stand for an album; more would only cost time.
constexpr Index most_of_album = 500;

}  // namespace

VarianceReduction::VarianceReduction(MatrixXd photos, MatrixXd covariance, double noise)
    : photos_(std::move(photos)), covariance_(std::move(covariance)), noise_(noise) {
    const Index album = std::min(photos_.rows(), most_of_album);
    for (Index i = 0; i < album; ++i) album_.push_back(i * photos_.rows() / album);
    const MatrixXd spread = photos_ * covariance_;
    unsure_ = spread.cwiseProduct(photos_).rowwise().sum();
    shared_ = photos_(album_, indexing::all) * spread.transpose();
    if (album > 0) shared_.rowwise() -= shared_.colwise().mean().eval();
}

VectorXd VarianceReduction::gains() const {
    const auto album = static_cast<double>(std::max<Index>(1, shared_.rows()));
    return (shared_.colwise().squaredNorm().transpose().array() / (noise_ + unsure_.array()) / album)
        .matrix();
}

void VarianceReduction::learn(const VectorXd& row, double noise) {
    const VectorXd moved = covariance_ * row;
    const double total = noise + row.dot(moved);
    covariance_ -= moved * moved.transpose() / total;
    const VectorXd of_photos = photos_ * moved;
    VectorXd of_album = of_photos(album_);
    if (of_album.size() > 0) of_album.array() -= of_album.mean();
    shared_ -= of_album * of_photos.transpose() / total;
    unsure_ -= of_photos.cwiseAbs2() / total;
}

std::vector<Index> greedy_design(VarianceReduction reduction, Index photos, Index count) {
    std::vector<Index> chosen;
    std::vector<bool> taken(static_cast<std::size_t>(photos), false);
    while (static_cast<Index>(chosen.size()) < std::min(count, photos)) {
        const VectorXd gains = reduction.gains();
        Index next = -1;
        for (Index i = 0; i < photos; ++i)
            if (!taken[i] && (next < 0 || gains[i] > gains[next])) next = i;
        taken[next] = true;
        chosen.push_back(next);
        reduction.learn(next);
    }
    return chosen;
}

}  // namespace piaa
