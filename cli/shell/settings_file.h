#pragma once

#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

/// ~/.config/piaa/piaa.toml, or below $XDG_CONFIG_HOME; empty where there is no home.
boost::filesystem::path default_settings_file();

/// What is said of such a file that cannot be opened or read.
std::string unreadable_settings(const std::string& file);

/// Options that were not given are looked for in a TOML file: first in the section of the command, as [score]
/// or [train.prior], then above all sections, where an option counts for every command that has it. Adds
/// --config and --print-config, which prints what would hold to out, as such a file, and runs nothing.
/// Commands are declared afterwards.
void add_settings_file(CLI::App& app, std::ostream& out);

}  // namespace piaa::cli
