#include "commands/research/train_command.h"

#include <CLI/CLI.hpp>

namespace piaa::cli {

CLI::App& add_train_command(CLI::App& app) {
    auto* command = app.add_subcommand("train", "Make the files in models/ from photos and ratings");
    command->require_subcommand(1);
    return *command;
}

}  // namespace piaa::cli
