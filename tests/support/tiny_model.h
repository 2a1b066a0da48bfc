#pragma once

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>

namespace piaa::test {

/// Writes a model whose answers are known by hand into `folder` and gives its path: it likes brightness. Its
/// one stage map is the mean of red, green and blue of each block of 8x8 pixels, from 0 black to 1 white; its
/// expected rating on the scale 1 to 7 is 1 + 6 * brightness, its spread about 0.5, whatever the photo.
boost::filesystem::path write_tiny_model(const boost::filesystem::path& folder);

/// The same, written to a temporary folder once per program and loaded.
Model tiny_model();

/// A manifest.json for `folder`/models with the tiny model under the name "lite", so that
/// PIAA_DATA_DIR=folder makes it the default model.
void write_tiny_data_folder(const boost::filesystem::path& folder);

}  // namespace piaa::test
