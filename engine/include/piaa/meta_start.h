#pragma once

#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/prior.h>

namespace piaa {

/// Writes and reads the weights of train_blg(), from which a person is learned, as a safetensors file that
/// belongs to one prior. load throws Error(bad_model) for another prior's or a damaged file.
PIAA_API void save_blg(const boost::filesystem::path& file, const Prior& prior,
                       const std::vector<double>& weights);
PIAA_API std::vector<double> load_blg(const boost::filesystem::path& file, const Prior& prior);

/// The weights shipped beside the prior of a model: models/blg-<name>.safetensors.
PIAA_API std::vector<double> load_blg(const Prior& prior);

}  // namespace piaa
