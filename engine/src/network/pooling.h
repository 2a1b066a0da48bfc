#pragma once

namespace piaa {

/// Added to each channel's variance, so that the deviation stays smooth where a channel is constant.
constexpr float variance_floor = 1e-6F;

}  // namespace piaa
