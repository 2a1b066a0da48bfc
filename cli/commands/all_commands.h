#pragma once

#include <iosfwd>

namespace CLI {
class App;
}

namespace piaa::cli {

/// Declares every command with its place in the help, its example and the settings file. What a command that
/// runs returns goes to exit_code.
void add_all_commands(CLI::App& app, std::ostream& out, std::ostream& err, int& exit_code);

}  // namespace piaa::cli
