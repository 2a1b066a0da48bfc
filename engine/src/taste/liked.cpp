#include <algorithm>
#include <cmath>
#include <numbers>

#include <piaa/liked.h>

namespace piaa {
namespace {

/// The place that the best share of a normal distribution begins at.
double threshold(double share) {
    double low = -10, high = 10;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (0.5 * std::erfc(middle / std::numbers::sqrt2) > share ? low : high) = middle;
    }
    return low;
}

}  // namespace

ChoiceRatings ratings_of_choice(std::size_t chosen, std::size_t others) {
    const double all = static_cast<double>(chosen + others);
    const double share = std::clamp(static_cast<double>(chosen) / all, 0.5 / all, 1 - 0.5 / all);
    const double start = threshold(share);
    const double density = std::exp(-start * start / 2) / std::sqrt(2 * std::numbers::pi);
    const auto rating = [](double deviations) { return std::clamp(0.5 + 0.2 * deviations, 0.0, 1.0); };
    return {rating(density / share), rating(-density / (1 - share))};
}

}  // namespace piaa
