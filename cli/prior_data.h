#pragma once

#include <vector>

#include <piaa/model.h>

#include "rated_photos.h"

namespace piaa::cli {

/// What a generic score learned from the other groups says of each photo, on the scale of the ratings.
std::vector<double> held_out_scores(const Model& model, const std::vector<Features>& features,
                                    const RatingsWithGroups& rated);

}  // namespace piaa::cli
