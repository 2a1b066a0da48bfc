#pragma once

#include <string>
#include <vector>

#include <piaa/model.h>

namespace piaa {

/// The shipped models as models/manifest.json lists them, the default first:
///   {"models": [{"name", "file", "sha256", "architecture", "preprocessing", "scale": [1, 7],
///   "description"}]}
/// Throws Error(bad_model) when it is missing or not of this form.
std::vector<ModelInfo> read_manifest();

/// The entry of that name. Throws Error(bad_model) listing the names there are.
ModelInfo find_shipped_model(const std::string& name);

}  // namespace piaa
