#pragma once

#include <functional>
#include <iosfwd>
#include <string>

namespace CLI {
class App;
}

namespace piaa::cli {

struct ModelCommandOptions {
    enum class Action { list, info, verify } action = Action::list;
    std::string model;  ///< name or file; empty: the default for info, every shipped one for verify
};

/// Adds "piaa-batch model list|info|verify"; run is called with the parsed options.
void add_model_command(CLI::App& app, std::function<void(const ModelCommandOptions&)> run);

/// list: the shipped models. info: what one model says of itself. verify: reads each file whole, compares its
/// hash and checks its numbers. Returns an ExitCode.
int run_model(const ModelCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
