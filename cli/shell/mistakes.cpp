#include "shell/mistakes.h"

#include <sstream>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>

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

bool is_there(const std::string& file) {
    boost::system::error_code ignored;
    return boost::filesystem::exists(file, ignored);
}

/// What was most likely meant by a value of which CLI11 says that it is "not in {these}".
std::string meant_value(const std::string& what) {
    const std::string_view before = ": ", between = " not in {";
    const auto start = what.find(before), end = what.find(between), close = what.rfind('}');
    if (start == what.npos || end == what.npos || close == what.npos || start > end) return "";
    std::istringstream list(what.substr(end + between.size(), close - end - between.size()));
    std::vector<std::string> values;
    for (std::string value; std::getline(list, value, ',');) values.push_back(value);
    const auto typed = start + before.size();
    return nearest(what.substr(typed, end - typed), values);
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
        else if (word.starts_with('-') && is_there(word))
            text += printable(word) + " begins as options do; a file of that name is written ./" +
                    printable(word) + "\n";
        else if (text.empty() && !parts.empty())
            return question(unknown, "command", owner, nearest(unknown, parts)) + help;
    }
    // CLI11's own words for a settings file are "was not readable (missing?)".
    if (text.empty() && dynamic_cast<const CLI::FileError*>(&error) != nullptr)
        text = printable(unreadable_settings(app->get_config_ptr()->as<std::string>())) + "\n";
    if (text.empty()) {
        const std::string what = error.what(), meant = meant_value(what), file = settings_behind(*app, what);
        text = printable(file + (file.empty() ? "" : ": ") + what) +
               (meant.empty() ? "" : "; did you mean " + meant + "?") + "\n";
    }
    return text + help;
}

}  // namespace piaa::cli
