#include "shell/mistakes.h"

#include <CLI/CLI.hpp>

#include "console/escape.h"
#include "shell/command_description.h"
#include "shell/nearest.h"
#include "shell/settings_file.h"

namespace piaa::cli {
namespace {

/// The command that the words before the mistake lead to.
const CLI::App& last_command(const CLI::App& app) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    return *command;
}

std::string question(const std::string& unknown, const std::string& kind, const std::string& owner,
                     const std::string& likely) {
    return printable(unknown) + " is no " + kind + " of " + owner +
           (likely.empty() ? "" : "; did you mean " + likely + "?") + "\n";
}

}  // namespace

std::string explain_mistake(const CLI::App* app, const CLI::Error& error) {
    const CLI::App& command = last_command(*app);
    const CommandDescription description = describe(command);
    std::string owner = "piaa-batch";
    for (const CLI::App* part = app; !part->get_subcommands().empty();) {
        part = part->get_subcommands().front();
        owner += " " + part->get_name();
    }
    std::string help = "Run '" + owner + " --help' to see what there is.\n";

    std::vector<std::string> parts, options{"--config", "--print-config", "--version"};
    for (const auto& part : description.parts) parts.push_back(part.path.back());
    for (const auto& option : description.options)
        if (!option.argument) options.insert(options.end(), option.names.begin(), option.names.end());
    std::string text;
    for (const std::string& word : app->remaining(true)) {
        const std::string unknown = word.substr(0, word.find('='));
        if (unknown.starts_with("--"))
            text += question(unknown, "option", owner, nearest(unknown, options));
        else if (text.empty() && !parts.empty())
            return question(unknown, "command", owner, nearest(unknown, parts)) + help;
    }
    // CLI11's own words for a settings file are "was not readable (missing?)".
    if (text.empty() && dynamic_cast<const CLI::FileError*>(&error) != nullptr)
        text = printable(unreadable_settings(app->get_config_ptr()->as<std::string>())) + "\n";
    if (text.empty()) text = printable(error.what()) + "\n";
    return text + help;
}

}  // namespace piaa::cli
