#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include <piaa/error.h>
#include <piaa/query_selection.h>

namespace piaa {

namespace {

using Rows = std::span<const std::vector<float>>;

/// One row per photo.
Eigen::MatrixXd as_matrix(Rows rows) {
    const auto length = rows.empty() ? 0 : rows.front().size();
    Eigen::MatrixXd matrix(rows.size(), length);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].size() != length)
            throw Error(ErrorCode::bad_argument, "feature row has " + std::to_string(rows[i].size()) +
                                                     " numbers and should have " + std::to_string(length));
        for (std::size_t j = 0; j < length; ++j) matrix(i, j) = rows[i][j];
    }
    return matrix;
}

/// Mean 0 and deviation 1 in each column; a column without variation becomes 0.
void standardise(Eigen::MatrixXd& matrix) {
    for (auto column : matrix.colwise()) {
        column.array() -= column.mean();
        const double deviation = std::sqrt(column.squaredNorm() / static_cast<double>(column.size()));
        column /= deviation > 1e-9 ? deviation : std::numeric_limits<double>::infinity();
    }
}

}  // namespace

std::vector<std::size_t> most_varied(Rows rows, std::size_t count) {
    Eigen::MatrixXd features = as_matrix(rows);
    std::vector<std::size_t> chosen;
    if (rows.empty() || count == 0) return chosen;
    standardise(features);

    Eigen::Index next = 0;
    features.rowwise().squaredNorm().minCoeff(&next);
    Eigen::VectorXd distance = Eigen::VectorXd::Constant(features.rows(), std::numeric_limits<double>::max());
    while (true) {
        chosen.push_back(static_cast<std::size_t>(next));
        const Eigen::VectorXd to_next = (features.rowwise() - features.row(next)).rowwise().squaredNorm();
        distance = distance.cwiseMin(to_next);
        if (chosen.size() == count || distance.maxCoeff(&next) <= 1e-12) return chosen;
    }
}

}  // namespace piaa
