#pragma once

#include <Eigen/Dense>

#include <piaa/stars.h>

namespace piaa {

/// Keeps in the profile from which scores on as many photos have each number of stars as the person gave it;
/// nothing for fewer than ten photos. predicted and ratings: of the same photos, 0 lowest to 1 highest;
/// predicted may lie outside.
void add_stars_as_given(const Eigen::VectorXd& predicted, const Eigen::VectorXd& ratings,
                        UserProfile& profile);

}  // namespace piaa
