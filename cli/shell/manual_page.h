#pragma once

#include <string>

#include "shell/command_description.h"

namespace piaa::cli {

/// The manual page (section 1, for man) of a command. The date is as 2026-11-29.
std::string manual_page(const CommandDescription& command, const std::string& date,
                        const std::string& version);

}  // namespace piaa::cli
