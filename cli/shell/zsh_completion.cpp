#include <CLI/CLI.hpp>

#include "shell/completion_scripts.h"

namespace piaa::cli {
namespace {

const char* const beginning = R"zsh(#compdef piaa-batch

_piaa_batch_names() {
  local -a names
  names=(${(f)"$($piaa_batch_program "$@" 2>/dev/null | sed 's/[,: ].*//;/^name$/d')"})
  compadd -a names
}

_piaa_batch() {
  local at=piaa-batch piaa_batch_program=$words[1]
  while (( CURRENT > 2 )); do
    case "$at $words[2]" in
)zsh";

std::string escaped(const std::string& text, const std::string& characters) {
    std::string written;
    for (const char character : text) {
        if (character == '\'') {
            written += "'\\''";
            continue;
        }
        if (characters.find(character) != std::string::npos) written += '\\';
        written += character;
    }
    return written;
}

std::string completed(const OptionDescription& option) {
    switch (option.completion()) {
        case Completion::file:
            return "_files";
        case Completion::folder:
            return "_files -/";
        case Completion::choice:
            return "(" + CLI::detail::join(option.choices, " ") + ")";
        case Completion::preset:
            return " _piaa_batch_names preset list --format csv";  // the space keeps zsh's own arguments away
        case Completion::model:
            return " _piaa_batch_names model list";
        case Completion::profile:
            return "_files -g \"*.pt\"";
        default:
            return " ";
    }
}

/// A line of _arguments for each name of an option.
std::string lines_of(const OptionDescription& option) {
    const std::string value = escaped(option.value, ":\\") + ":" + escaped(completed(option), "");
    if (option.argument) return std::string(" '") + (option.repeatable ? "*" : "") + ":" + value + "'";
    std::string text;
    for (const auto& name : option.names) {
        text += " '" + std::string(option.repeatable ? "*" : "") + name;
        if (!option.value.empty()) text += name.starts_with("--") ? "=" : "+";
        text += "[" + escaped(option.help, "[]\\") + "]" + (option.value.empty() ? "" : ":" + value) + "'";
    }
    return text;
}

}  // namespace

std::string zsh_completion(const CommandDescription& program) {
    std::string text = beginning, commands;
    for (const auto* command : program.all()) {
        if (command->path.size() > 1) text += "      '" + command->name() + "') at=\"$at $words[2]\" ;;\n";
        commands += "    '" + command->name() + "')\n";
        if (!command->parts.empty()) {
            commands +=
                "      if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n        local -a parts=(";
            for (const auto& part : command->parts)
                commands += " '" + part.path.back() + ":" + escaped(part.help, ":\\") + "'";
            commands += " )\n        _describe command parts\n        return\n      fi\n";
        }
        commands += "      _arguments -s";
        for (const auto& option : command->options) commands += " \\\n       " + lines_of(option);
        commands += " ;;\n";
    }
    text += "      *) break ;;\n    esac\n    shift words\n    (( CURRENT-- ))\n  done\n  case $at in\n" +
            commands + "  esac\n}\n\n_piaa_batch \"$@\"\n";
    return text;
}

}  // namespace piaa::cli
