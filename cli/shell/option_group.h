#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace piaa::cli {

/// While it lives, options that a command declares stand under this heading in its help and its manual page.
class OptionGroup {
public:
    OptionGroup(CLI::App& command, const std::string& heading)
        : command_(command), before_(command.option_defaults()->get_group()) {
        command_.option_defaults()->group(heading);
    }
    ~OptionGroup() { command_.option_defaults()->group(before_); }
    OptionGroup(const OptionGroup&) = delete;
    OptionGroup& operator=(const OptionGroup&) = delete;

private:
    CLI::App& command_;
    std::string before_;
};

}  // namespace piaa::cli
