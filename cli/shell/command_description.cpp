#include "shell/command_description.h"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

namespace piaa::cli {
namespace {

/// CLI11 gives the type's name and its validators in one: "TEXT:{table,csv}", "INT:INT in [1 - 8]", "W:H".
std::string value_of(const std::string& type) {
    std::size_t end = type.size();
    for (const char* validator :
         {":{", ":INT in", ":UINT in", ":FLOAT in", ":SIZE [", ":POSITIVE", ":NONNEGATIVE"})
        end = std::min(end, type.find(validator));
    const std::string value = type.substr(0, end);
    return value == "TEXT" ? "WORD" : value == "INT" || value == "UINT" || value == "FLOAT" ? "N" : value;
}

std::vector<std::string> choices_of(const std::string& type) {
    const auto open = type.find('{'), close = type.rfind('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

OptionDescription describe(const CLI::App& app, const CLI::Option& option) {
    OptionDescription description;
    description.argument = option.get_lnames().empty() && option.get_snames().empty();
    if (description.argument) {
        description.names = {option.get_name(true, false)};
    } else {
        for (const auto& name : option.get_lnames()) description.names.push_back("--" + name);
        for (const auto& name : option.get_snames()) description.names.push_back("-" + name);
    }
    if (option.get_items_expected_max() > 0) {
        description.value = value_of(option.get_type_name());
        if (description.argument || description.value.empty()) description.value = description.names.front();
        description.choices = choices_of(option.get_type_name());
        // The settings file's place differs from person to person.
        if (&option != app.get_config_ptr()) description.standard = option.get_default_str();
    }
    description.help = option.get_description();
    description.group = option.get_group();
    description.required = option.get_required();
    description.repeatable = option.get_items_expected_max() > 1;
    return description;
}

CommandDescription describe(const CLI::App& app, std::vector<std::string> path) {
    CommandDescription description;
    path.push_back(app.get_name());
    description.path = path;
    description.help = app.get_description();
    description.example = app.get_footer();
    for (const CLI::Option* option : app.get_options())
        if (!option->get_group().empty()) description.options.push_back(describe(app, *option));
    const auto shown = [](const CLI::App* part) { return !part->get_group().empty(); };
    for (const CLI::App* part : app.get_subcommands(shown))
        description.parts.push_back(describe(*part, path));
    return description;
}

}  // namespace

Completion OptionDescription::completion() const {
    static const std::map<std::string, Completion> known{
        {"FILE", Completion::file},     {"PATH", Completion::file},   {"PHOTO", Completion::file},
        {"IMAGE", Completion::file},    {"LOG", Completion::file},    {"DIR", Completion::folder},
        {"PRESET", Completion::preset}, {"MODEL", Completion::model}, {"PROFILE", Completion::profile}};
    if (!choices.empty()) return Completion::choice;
    const auto found = known.find(value);
    return found == known.end() ? Completion::nothing : found->second;
}

std::string CommandDescription::name(const std::string& between) const {
    return CLI::detail::join(path, between);
}

std::vector<const CommandDescription*> CommandDescription::all() const& {
    std::vector<const CommandDescription*> commands{this};
    for (const auto& part : parts)
        for (const auto* command : part.all()) commands.push_back(command);
    return commands;
}

CommandDescription describe(const CLI::App& app) {
    return describe(app, std::vector<std::string>());
}

}  // namespace piaa::cli
