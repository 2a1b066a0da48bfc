#pragma once

namespace CLI {
class App;
}

namespace piaa::cli {

/// Adds "piaa-batch train" and returns it; what it can make is added by train_generic.h and its like.
CLI::App& add_train_command(CLI::App& app);

}  // namespace piaa::cli
