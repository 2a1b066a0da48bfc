#pragma once

#include <string>

#include "shell/command_description.h"

namespace piaa::cli {

/// What a shell reads to complete commands, options and their values. Names of presets and models are asked
/// of the program at that moment, so those of the user are among them.
std::string bash_completion(const CommandDescription& program);
std::string zsh_completion(const CommandDescription& program);
std::string fish_completion(const CommandDescription& program);

}  // namespace piaa::cli
