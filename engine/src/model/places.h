#pragma once

#include <map>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/model.h>

#include "model/token_reading.h"

namespace piaa {

/// What each place of a photo does to a model's class tokens: the same kind of rule as a TokenReading, but
/// learned from photos of which parts were blurred away, not from how whole photos differ. It tells places of
/// one photo apart, on the scale on which their mean is what all of them do together. Null for a model
/// without class tokens, or one that is not shipped.
PIAA_API const TokenReading* shipped_places(const Model& model);

/// By the hash of the model, as `train places` writes them. Throws Error(bad_model) naming the file.
PIAA_API std::map<std::string, TokenReading> read_places(const boost::filesystem::path& file);
PIAA_API void write_places(const boost::filesystem::path& file,
                           const std::map<std::string, TokenReading>& models);

}  // namespace piaa
