#pragma once

#include <piaa/close_look.h>

namespace piaa {

/// What the flattest places of a photo have: noise of the sensor and of compression, in the unit of
/// FineDetail::energy; at most half of what most places have. Black and white places have none and say
/// nothing.
double noise_energy(const CloseLook& look);

/// Amplitude of fine detail along a direction against the place's brightness, so that exposure does not
/// count.
double fine_detail(const FineDetail& place, std::size_t direction, double noise);

/// The same in all directions together.
double fine_detail(const FineDetail& place, double noise);

}  // namespace piaa
