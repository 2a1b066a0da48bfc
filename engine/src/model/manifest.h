#pragma once

#include <string>
#include <vector>

#include <piaa/model.h>

namespace piaa {

/// The shipped models as models/manifest.json lists them, the default first:
///   {"models": [{"name", "file", "sha256", "architecture", "preprocessing", "scale": [1, 7],
///   "description"}]}
/// and "half_srocc" where it was measured (see keeps_ranking_at_half()).
/// Throws Error(bad_model) when it is missing or not of this form.
std::vector<ModelInfo> read_manifest();

/// The entry of that name. Throws Error(bad_model) listing the names there are.
ModelInfo find_shipped_model(const std::string& name);

/// Whether the manifest says of the model with this hash that its scores with 16 bits per number rank photos
/// as those with 32 do: a rank correlation ("half_srocc", by tests/bench/precision) of .999 or more.
bool keeps_ranking_at_half(const std::string& hash);

}  // namespace piaa
