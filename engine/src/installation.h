#pragma once

#include <boost/filesystem/path.hpp>

namespace piaa {

/// The folder libpiaa was loaded from; its backend lies in piaa/ inside.
boost::filesystem::path library_folder();

/// The folder that holds models/ and presets/: PIAA_DATA_DIR if set, else share/piaa beside the library
/// folder, both in an installation and in a build tree.
boost::filesystem::path data_folder();

}  // namespace piaa
