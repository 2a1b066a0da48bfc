#pragma once

#include <piaa/research/train_network.h>

#include "model/model_impl.h"
#include "network/trainable_network.h"

namespace piaa {

/// A model's network and input, with the stages that are to learn: all, the last `last_stages`, or none but
/// the heads. Heads, losses and the optimiser are for the caller to add.
TrainableSpec trainable_spec(const Model::Impl& model, Trained trained, int last_stages);

}  // namespace piaa
