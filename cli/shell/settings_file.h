#pragma once

#include <iosfwd>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

/// ~/.config/piaa/piaa.toml, or below $XDG_CONFIG_HOME; empty where there is no home.
boost::filesystem::path default_settings_file();

/// Options that were not given are looked for in a TOML file: first in the section of the command, as [score]
/// or [train.prior], then above all sections, where an option counts for every command that has it. Adds
/// --config and
/// --print-config, which prints what would hold to out, as such a file, and runs nothing. Commands are
/// declared afterwards.
void add_settings_file(CLI::App& app, std::ostream& out);

}  // namespace piaa::cli
