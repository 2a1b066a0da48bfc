#pragma once

#include <map>
#include <string>

#include <piaa/research/train.h>

#include "io/tensor_file.h"

namespace piaa {

/// save_generic_model() with another network of the same architecture in place of the model's own where
/// `network` names a tensor.
void write_generic_model(const boost::filesystem::path& file, const Model& base, const GenericHead& head,
                         const std::string& description, Precision precision,
                         const std::map<std::string, Tensor>& network);

}  // namespace piaa
