#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include <piaa/research/ratings_table.h>

namespace piaa {

/// For each of raters() their rating of each photo that they rated, by its place in images(): on 0 to 1,
/// repeated ratings as their mean.
std::vector<std::map<std::size_t, double>> person_means(const RatingsTable& table);

}  // namespace piaa
