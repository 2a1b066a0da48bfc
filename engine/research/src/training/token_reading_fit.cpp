#include "training/token_reading_fit.h"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "math/ridge.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr Index largest_rank = 64;

MatrixXd pooled_part(const std::vector<Features>& photos, std::size_t first, std::size_t count) {
    MatrixXd rows(static_cast<Index>(photos.size()), static_cast<Index>(count));
    for (Index i = 0; i < rows.rows(); ++i)
        rows.row(i) =
            Eigen::Map<const Eigen::RowVectorXf>(photos[i].pooled.data() + first, rows.cols()).cast<double>();
    return rows;
}

/// 1 / scale, 0 for a constant column.
Eigen::VectorXd inverse(const Eigen::RowVectorXd& scale) {
    return (scale.array() > 0).select(scale.array().inverse(), 0.0);
}

std::vector<float> by_row(const MatrixXd& matrix) {
    std::vector<float> values;
    for (Index i = 0; i < matrix.rows(); ++i)
        for (Index j = 0; j < matrix.cols(); ++j) values.push_back(static_cast<float>(matrix(i, j)));
    return values;
}

}  // namespace

TokenReading low_rank_reading(const MatrixXd& rule, const MatrixXd& said, const Eigen::VectorXd& scale) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> directions(said);
    const MatrixXd strongest = directions.eigenvectors().rightCols(std::min(largest_rank, said.cols()));
    return {by_row((rule * strongest).transpose()), by_row(scale.asDiagonal() * strongest),
            static_cast<std::size_t>(rule.rows())};
}

TokenReading fit_token_reading(const Model& model, const std::vector<Features>& photos,
                               const std::vector<int>& folds) {
    const auto& stages = model.impl().stages;
    const bool patches_first = !stages.front().is_whole();
    const bool then_class_tokens =
        stages.size() > 1 &&
        std::all_of(stages.begin() + 1, stages.end(), [](const Stage& s) { return s.is_whole(); });
    if (!patches_first || !then_class_tokens) return {};

    const auto channels = static_cast<std::size_t>(stages.front().channels);
    const std::size_t first = stages.front().pooled_size();
    const MatrixXd mean_tokens = pooled_part(photos, 0, channels);
    const MatrixXd class_tokens = pooled_part(photos, first, model.impl().pooled_size() - first);
    const Standardiser from(mean_tokens);
    const Standardiser to(class_tokens);
    const MatrixXd rows = from(mean_tokens);
    const MatrixXd targets = to(class_tokens);
    const LinearRule rule =
        fit_ridge({rows, Eigen::VectorXd::Ones(rows.rows()), folds, [&](int) { return targets; }});

    const MatrixXd read = rows * rule.weights;
    return low_rank_reading(from.scale.asDiagonal() * rule.weights, read.transpose() * read,
                            inverse(to.scale));
}

}  // namespace piaa
