#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

namespace piaa {

/// The folder libpiaa was loaded from; its backend lies in piaa/ inside.
boost::filesystem::path library_folder();

/// The folder that holds models/ and presets/: PIAA_DATA_DIR if set, else share/piaa beside the library
/// folder, both in an installation and in a build tree.
boost::filesystem::path data_folder();

/// A function of piaa/libpiaa_NAME.so beside libpiaa, which is opened and never closed (LibTorch does not
/// survive that); null where it cannot be, and then `reason` says why. What the module links stays its own:
/// two may bring the same library.
void* module_function(const std::string& name, const char* function, std::string& reason);

/// The one object of a module, which that function gives.
template <typename Module>
const Module* open_module(const std::string& name, const char* function, std::string& reason) {
    using Factory = const Module* (*)();
    const auto factory = reinterpret_cast<Factory>(module_function(name, function, reason));
    return factory == nullptr ? nullptr : factory();
}

}  // namespace piaa
