#include "commands/model_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>
#include <piaa/model.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "console/say.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

void list(std::ostream& out) {
    bool first = true;
    for (const auto& model : list_models()) {
        out << model.name << (first ? " (default)" : "") << ": " << model.description << '\n';
        first = false;
    }
}

void describe(const ModelInfo& model, std::ostream& out) {
    out << "name           " << model.name << '\n'
        << "description    " << model.description << '\n'
        << "architecture   " << model.architecture << '\n'
        << "preprocessing  " << model.preprocessing << '\n'
        << "rating scale   " << model.scale_low << " to " << model.scale_high << '\n'
        << "file           " << printable(model.file.string()) << '\n'
        << "sha256         " << model.hash << '\n';
}

/// Loading compares the hash with the manifest and checks every tensor.
int verify(const std::string& name, std::ostream& out, std::ostream& err) {
    std::vector<std::string> names;
    if (name.empty())
        for (const auto& model : list_models()) names.push_back(model.name);
    else
        names.push_back(name);
    int exit_code = done;
    for (const auto& each : names) {
        try {
            const Model model = load_model(each);
            out << model.info().name << ": good, sha256 " << model.info().hash << '\n';
        } catch (const Error& error) {
            say(err, error.what());
            exit_code = cannot_start;
        }
    }
    return exit_code;
}

}  // namespace

void add_model_command(CLI::App& app, std::function<void(const ModelCommandOptions&)> run) {
    auto* command = app.add_subcommand("model", "The scoring models at hand");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* text, ModelCommandOptions::Action action) {
        auto options = std::make_shared<ModelCommandOptions>();
        options->action = action;
        auto* sub = command->add_subcommand(name, text);
        if (action != ModelCommandOptions::Action::list)
            sub->add_option("MODEL", options->model, "A shipped model's name, or a model file")
                ->type_name("");
        sub->callback([options, run] { run(*options); });
    };
    add("list", "Name the shipped models", ModelCommandOptions::Action::list);
    add("info", "What a model says of itself", ModelCommandOptions::Action::info);
    add("verify", "Check that model files are whole and unchanged", ModelCommandOptions::Action::verify);
}

int run_model(const ModelCommandOptions& options, std::ostream& out, std::ostream& err) {
    try {
        switch (options.action) {
            case ModelCommandOptions::Action::list:
                list(out);
                break;
            case ModelCommandOptions::Action::info:
                describe(load_chosen_model(options.model).info(), out);
                break;
            case ModelCommandOptions::Action::verify:
                return verify(options.model, out, err);
        }
        return done;
    } catch (const Error& error) {
        say(err, error.what());
        return cannot_start;
    }
}

}  // namespace piaa::cli
