#include "shell/manual_page.h"

#include <algorithm>
#include <cctype>

#include <CLI/CLI.hpp>

namespace piaa::cli {
namespace {

/// Text as it is shown: no dash becomes a hyphen, no line a request of the formatter.
std::string plain(const std::string& text) {
    std::string written;
    for (const char character : text) {
        if ((character == '.' || character == '\'') && (written.empty() || written.back() == '\n'))
            written += "\\&";
        if (character == '\\') {
            written += "\\e";
        } else if (character == '-') {
            written += "\\-";
        } else {
            written += character;
        }
    }
    return written;
}

std::string bold(const std::string& text) {
    return "\\fB" + plain(text) + "\\fR";
}
std::string italic(const std::string& text) {
    return "\\fI" + plain(text) + "\\fR";
}

std::string sentence(std::string text) {
    if (!text.empty() && text.back() != '.') text += '.';
    return plain(text);
}

std::string synopsis(const CommandDescription& command) {
    std::string text = bold(command.name());
    if (command.options.size() > 1) text += " [" + italic("OPTIONS") + "]";
    for (const auto& option : command.options) {
        if (!option.argument) continue;
        const std::string one = italic(option.value) + (option.repeatable ? " ..." : "");
        text += option.required ? " " + one : " [" + one + "]";
    }
    if (!command.parts.empty()) text += " " + italic("COMMAND");
    return text;
}

std::string entry(const OptionDescription& option) {
    std::string text = ".TP\n";
    for (std::size_t i = 0; i < option.names.size(); ++i)
        text += (i == 0 ? "" : ", ") + (option.argument ? italic(option.names[i]) : bold(option.names[i]));
    if (!option.argument && !option.value.empty()) text += " " + italic(option.value);
    text += "\n" + sentence(option.help) + "\n";
    if (!option.choices.empty()) text += "One of " + plain(CLI::detail::join(option.choices, ", ")) + ".\n";
    if (!option.standard.empty()) text += plain(option.standard + " if not given.") + "\n";
    if (option.required && !option.argument) text += "Required.\n";
    return text;
}

std::string options(const CommandDescription& command) {
    std::vector<std::string> groups;
    for (const auto& option : command.options)
        if (!option.argument && std::find(groups.begin(), groups.end(), option.group) == groups.end())
            groups.push_back(option.group);
    std::string text;
    for (const auto& option : command.options)
        if (option.argument) text += entry(option);
    if (!text.empty()) text = ".SH ARGUMENTS\n" + text;
    if (!groups.empty()) text += ".SH OPTIONS\n";
    for (const auto& group : groups) {
        if (groups.size() > 1) text += ".SS " + plain(group) + "\n";
        for (const auto& option : command.options)
            if (!option.argument && option.group == group) text += entry(option);
    }
    return text;
}

std::string upper(std::string text) {
    for (char& character : text)
        character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    return text;
}

std::string see_also(const CommandDescription& command) {
    if (command.path.size() == 1) return "";
    auto above = command.path;
    above.pop_back();
    return ".SH SEE ALSO\n.BR " + plain(CLI::detail::join(above, "-")) + " (1)\n";
}

}  // namespace

std::string manual_page(const CommandDescription& command, const std::string& date,
                        const std::string& version) {
    std::string text = ".TH " + plain(upper(command.name("-"))) + " 1 " + date + " \"piaa " + plain(version) +
                       "\" \"User Commands\"\n";
    std::string help = command.help;
    if (!help.empty())
        help.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(help.front())));
    text += ".SH NAME\n" + plain(command.name("-")) + " \\- " + plain(help) + "\n";
    text += ".SH SYNOPSIS\n" + synopsis(command) + "\n";
    text += ".SH DESCRIPTION\n" + sentence(command.help) + "\n";
    if (!command.parts.empty()) text += ".SH COMMANDS\n";
    for (const auto& part : command.parts)
        text += ".TP\n.BR " + plain(part.name("-")) + " (1)\n" + sentence(part.help) + "\n";
    text += options(command);
    if (!command.example.empty()) {
        const auto shown = command.example.find("\n  ");
        text += ".SH EXAMPLES\n.nf\n" +
                plain(shown == std::string::npos ? command.example : command.example.substr(shown + 3)) +
                "\n.fi\n";
    }
    text +=
        ".SH EXIT STATUS\n0 done, 1 some files failed (each is named, the rest is done), 2 bad usage, 3 "
        "cannot "
        "start.\n";
    return text + see_also(command);
}

}  // namespace piaa::cli
