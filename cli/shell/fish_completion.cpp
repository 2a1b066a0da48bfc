#include <CLI/CLI.hpp>

#include "shell/completion_scripts.h"

namespace piaa::cli {
namespace {

const char* const beginning = R"fish(# fish completion of piaa-batch

function __piaa_batch_names
    set -l program (commandline -opc)[1]
    $program $argv 2>/dev/null | sed 's/[,: ].*//;/^name$/d'
end

function __piaa_batch_profiles
    for file in (commandline -ct)*.pt (commandline -ct)*/
        echo $file
    end
end

# Whether the words before the cursor lead to this command.
function __piaa_batch_at
    set -l at piaa-batch
    for word in (commandline -opc)[2..]
        switch "$at $word"
            case )fish";

std::string quoted(const std::string& text) {
    std::string written = "'";
    for (const char character : text) {
        if (character == '\'' || character == '\\') written += '\\';
        written += character;
    }
    return written + "'";
}

std::string completed(const OptionDescription& option) {
    switch (option.completion()) {
        case Completion::file:
            return " -rF";
        case Completion::folder:
            return " -xa '(__fish_complete_directories)'";
        case Completion::choice:
            return " -xa '" + CLI::detail::join(option.choices, " ") + "'";
        case Completion::preset:
            return " -xa '(__piaa_batch_names preset list --format csv)'";
        case Completion::model:
            return " -xa '(__piaa_batch_names model list)'";
        case Completion::profile:
            return " -xa '(__piaa_batch_profiles)'";
        default:
            return option.value.empty() ? "" : " -x";
    }
}

}  // namespace

std::string fish_completion(const CommandDescription& program) {
    std::string known, lines;
    for (const auto* command : program.all()) {
        if (command->path.size() > 1) known += (known.empty() ? "'" : " '") + command->name() + "'";
        const std::string line = "complete -c piaa-batch -n \"__piaa_batch_at '" + command->name() + "'\"";
        for (const auto& option : command->options) {
            if (option.argument) {
                lines += line + completed(option) + "\n";
                continue;
            }
            std::string names;
            for (const auto& name : option.names)
                names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            lines += line + names + completed(option) + " -d " + quoted(option.help) + "\n";
        }
        for (const auto& part : command->parts)
            lines += line + " -a " + part.path.back() + " -d " + quoted(part.help) + "\n";
    }
    return beginning + known +
           "\n                set at \"$at $word\"\n        end\n    end\n    test \"$at\" = "
           "\"$argv\"\nend\n\n" +
           "complete -c piaa-batch -f\n" + lines;
}

}  // namespace piaa::cli
