#pragma once

#include <Eigen/Dense>

#include <piaa/prior.h>
#include <piaa/research/ratings_table.h>

namespace piaa {

/// Sets the prior's centre, mean, covariance and noise to what the people of the table show of their weights
/// on [1, generic, directions], by EM. The mean is kept at zero on the directions: refitting the population
/// on few photos hurts. generic and directions belong to ratings.images(), on 0 to 1.
void fit_population(PriorParts& prior, const RatingsTable& ratings, const Eigen::VectorXd& generic,
                    const Eigen::MatrixXd& directions);

}  // namespace piaa
