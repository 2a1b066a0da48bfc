#pragma once

#include <Eigen/Core>
#include <vector>

#include <piaa/research/train.h>

namespace piaa {

/// The numbers a head uses, by their place in Features::pooled; attributes come after all pooled ones.
struct HeadColumns {
    std::vector<Eigen::Index> places;
    Eigen::RowVectorXd emphasis;  ///< factor on each standardised number
};

/// Throws Error(bad_argument) when the choice does not fit the model.
HeadColumns choose_columns(const Model& model, const FeatureChoice& choice);

/// One row per photo, one column per chosen number. Throws Error(bad_argument) for features of another model.
Eigen::MatrixXd feature_matrix(const Model& model, const std::vector<Features>& photos,
                               const HeadColumns& columns);

}  // namespace piaa
