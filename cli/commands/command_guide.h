#pragma once

namespace CLI {
class App;
}

namespace piaa::cli {

/// Gives each declared command its place in the list of commands and an example of its use.
void add_guide(CLI::App& app);

}  // namespace piaa::cli
