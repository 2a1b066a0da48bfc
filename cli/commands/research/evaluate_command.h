#pragma once

namespace CLI {
class App;
}

namespace piaa::cli {

/// Adds "piaa-batch evaluate" and returns it; what it can measure is added by evaluate_generic.h and its
/// like.
CLI::App& add_evaluate_command(CLI::App& app);

}  // namespace piaa::cli
