#pragma once

#include <functional>
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

/// The settings file that gave an option of which this is a complaint; empty where the command line did.
std::string settings_behind(const CLI::App& app, const std::string& complaint);

/// Options that were not given are looked for in a TOML file: first in the section of the command, as [score]
/// or [train.prior], then above all sections, where an option counts for every command that has it. One that
/// excludes an option that comes before it, or needs one that is not given, counts for nothing. Adds
/// --config and --print-config, which prints what would hold to out, as such a file, and runs nothing.
/// Commands are declared afterwards.
void add_settings_file(CLI::App& app, std::ostream& out);

/// Whether the first values of two options go together. Throws nothing; true where it cannot be known.
using GoTogether = std::function<bool(const std::string& value, const std::string& other_value)>;

/// Of two options of a command, "--model" and "--user", whose values do not go together, the one that comes
/// later counts for nothing, as one that excludes the other does. The command line is left alone, and so are
/// two that stand in one place.
void exclude_by_value(CLI::App& command, const std::string& option, const std::string& other,
                      GoTogether go_together);

}  // namespace piaa::cli
