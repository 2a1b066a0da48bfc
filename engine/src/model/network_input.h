#pragma once

#include <piaa/export.h>
#include <piaa/image.h>

#include "model/model_impl.h"

namespace piaa {

/// A photo as the network of the model sees it. `like`: the size of the whole photo where this is a part of
/// it, so that parts get the input size of the whole.
PIAA_API Image network_input(const Model& model, const Image& photo, Size like);

}  // namespace piaa
