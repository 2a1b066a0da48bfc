#include "selection/sharpness.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace piaa {
namespace {

double amplitude(double energy, double noise, double light) {
    constexpr double darkest = 12;  // below, noise would pass for detail
    return std::sqrt(std::max(energy - noise, 0.0)) / (light + darkest);
}

double in_all(const FineDetail& place) {
    return std::accumulate(place.energy.begin(), place.energy.end(), 0.0) /
           static_cast<double>(place.energy.size());
}

}  // namespace

double noise_energy(const CloseLook& look) {
    constexpr double black = 8, white = 247, share = 0.02;
    std::vector<double> energies;
    for (const FineDetail& place : look.places)
        if (place.light > black && place.light < white) energies.push_back(in_all(place));
    if (energies.empty()) return 0;
    std::sort(energies.begin(), energies.end());
    const auto flattest = energies[static_cast<std::size_t>(share * static_cast<double>(energies.size()))];
    // A frame full of texture has no flat place.
    return std::min(flattest, energies[energies.size() / 2] / 2);
}

double fine_detail(const FineDetail& place, std::size_t direction, double noise) {
    return amplitude(place.energy[direction], noise, place.light);
}

double fine_detail(const FineDetail& place, double noise) {
    return amplitude(in_all(place), noise, place.light);
}

}  // namespace piaa
