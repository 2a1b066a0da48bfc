#pragma once

#include <functional>
#include <span>
#include <vector>

#include <piaa/features.h>
#include <piaa/geometry.h>
#include <piaa/image.h>
#include <piaa/model.h>

namespace piaa {

/// What a judge says of parts of a picture, each cut out and run through the network for itself: what the
/// whole photo's maps say of a part hardly tells that.
std::vector<double> look_again(const Model& model, const Image& picture, std::span<const Box> parts,
                               const std::function<double(const Features&)>& judge);

}  // namespace piaa
