#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace piaa::cli {

/// What a shell can complete where a value is wanted.
enum class Completion { nothing, file, folder, choice, preset, model, profile };

/// An option or an argument, as it was declared.
struct OptionDescription {
    std::vector<std::string> names;    ///< "--jobs", "-j"; of an argument its name alone, as PATH
    std::string value;                 ///< what it takes, as FILE; empty: nothing
    std::vector<std::string> choices;  ///< the values it takes, where only these are allowed
    std::string help;
    std::string group;
    std::string standard;  ///< its value when it is not given, where that is declared
    bool argument = false;
    bool required = false;
    bool repeatable = false;

    Completion completion() const;
};

/// A command with its sub-commands. The one form that manual pages and completion are made from.
struct CommandDescription {
    std::vector<std::string> path;  ///< "piaa-batch", "train", "prior"
    std::string help;
    std::string example;
    std::vector<OptionDescription> options;
    std::vector<CommandDescription> parts;

    /// The words of the path with something between them.
    std::string name(const std::string& between = " ") const;
    /// This command and all below it, itself first.
    std::vector<const CommandDescription*> all() const&;
    std::vector<const CommandDescription*> all() const&& = delete;
};

/// What the declarations say; hidden commands and options are left out.
CommandDescription describe(const CLI::App& app);

}  // namespace piaa::cli
