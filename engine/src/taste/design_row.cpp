#include "taste/design_row.h"

#include <piaa/error.h>

namespace piaa {

Eigen::VectorXd design_row(const Prior& prior, std::span<const float> row) {
    if (row.size() != prior.row_length())
        throw Error(ErrorCode::bad_argument, "feature row has " + std::to_string(row.size()) +
                                                 " numbers and should have " +
                                                 std::to_string(prior.row_length()));
    Eigen::VectorXd x(static_cast<Eigen::Index>(prior.weights()));
    x[0] = 1;
    x[1] = row[0] - prior.centre();
    for (std::size_t i = 0; i < prior.directions(); ++i) x[static_cast<Eigen::Index>(2 + i)] = row[1 + i];
    return x;
}

}  // namespace piaa
