#pragma once

#include <functional>
#include <iosfwd>

#include "service/service_options.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// Adds "piaa-batch serve"; run is called with the parsed options.
void add_serve_command(CLI::App& app, std::function<void(const ServiceOptions&)> run);

/// Serves until Ctrl-C or SIGTERM; the address goes to out, once it is listened at. Returns an ExitCode.
int run_serve(const ServiceOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
