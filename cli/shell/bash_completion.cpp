#include <CLI/CLI.hpp>

#include "shell/completion_scripts.h"

namespace piaa::cli {
namespace {

const char* const beginning = R"bash(# bash completion of piaa-batch

_piaa_batch_names() {
  "$@" 2>/dev/null | sed 's/[,: ].*//;/^name$/d'
}

_piaa_batch_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_piaa_batch_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$@")
}

_piaa_batch() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at=piaa-batch word
  if [ "$current" = = ]; then current=''; fi
  if [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
)bash";

/// The commands that complete a value of the option, or an argument.
std::string completed(const OptionDescription& option) {
    switch (option.completion()) {
        case Completion::file:
            return "_piaa_batch_files -f -- \"$current\"";
        case Completion::folder:
            return "_piaa_batch_files -d -- \"$current\"";
        case Completion::choice:
            return "_piaa_batch_words '" + CLI::detail::join(option.choices, " ") + "' \"$current\"";
        case Completion::preset:
            return "_piaa_batch_words \"$(_piaa_batch_names \"$1\" preset list --format csv)\" \"$current\"";
        case Completion::model:
            return "_piaa_batch_words \"$(_piaa_batch_names \"$1\" model list)\" \"$current\"";
        case Completion::profile:
            return "_piaa_batch_files -f -X '!*.pt' -o plusdirs -- \"$current\"";
        default:
            return ":";
    }
}

std::string words_of(const CommandDescription& command) {
    std::string words;
    for (const auto& option : command.options)
        for (const auto& name : option.names)
            if (!option.argument) words += name + " ";
    return words;
}

std::string parts_of(const CommandDescription& command) {
    std::string words;
    for (const auto& part : command.parts) words += part.path.back() + " ";
    return words;
}

}  // namespace

std::string bash_completion(const CommandDescription& program) {
    std::string text = beginning, values, commands;
    for (const auto* command : program.all()) {
        if (command->path.size() > 1) text += "      '" + command->name() + "') at=\"$at $word\" ;;\n";
        std::string argument = ":";
        for (const auto& option : command->options) {
            if (option.argument) {
                argument = completed(option);
            } else if (!option.value.empty()) {
                std::string patterns;
                for (const auto& name : option.names)
                    patterns += (patterns.empty() ? "'" : " | '") + command->name() + " " + name + "'";
                values += "    " + patterns + ") " + completed(option) + "; return ;;\n";
            }
        }
        if (!command->parts.empty()) argument = "_piaa_batch_words '" + parts_of(*command) + "' \"$current\"";
        commands += "    '" + command->name() +
                    "')\n      case $current in\n        -*) _piaa_batch_words '" + words_of(*command) +
                    "' \"$current\" ;;\n        *) " + argument + " ;;\n      esac ;;\n";
    }
    text += "    esac\n  done\n  case \"$at $before\" in\n" + values + "  esac\n  case $at in\n" + commands +
            "  esac\n}\n\ncomplete -F _piaa_batch piaa-batch\n";
    return text;
}

}  // namespace piaa::cli
