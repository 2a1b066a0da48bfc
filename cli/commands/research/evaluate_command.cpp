#include "commands/research/evaluate_command.h"

#include <CLI/CLI.hpp>

namespace piaa::cli {

CLI::App& add_evaluate_command(CLI::App& app) {
    auto* command = app.add_subcommand("evaluate", "The field's metrics, with baselines and intervals");
    command->require_subcommand(1);
    return *command;
}

}  // namespace piaa::cli
