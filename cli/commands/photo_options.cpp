#include "commands/photo_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

namespace piaa::cli {

void add_photo_options(CLI::App& command, PhotoRunOptions& options) {
    options.terminal = find_terminal();
    command
        .add_option("PATH", options.paths, "Photos and folders of photos; - reads a list, one path a line")
        ->type_name("");
    command.add_flag("-0,--null", options.nul_separated,
                     "Read a list on standard input, its paths ended by NUL");
    command
        .add_option("--jobs,-j", options.jobs,
                    "Photos worked on at once; as many as there are cores if not given")
        ->check(CLI::Range(1, 1024));
    command.add_flag("--quiet,-q", options.quiet, "No progress and no summary; failed files are named still");
    command.parse_complete_callback([&options] {
        const auto lists = std::count(options.paths.begin(), options.paths.end(), "-");
        if (options.paths.empty() && !options.nul_separated) throw CLI::RequiredError("PATH");
        if ((lists > 0 && options.paths.size() > 1) ||
            (options.nul_separated && options.paths.size() > static_cast<std::size_t>(lists)))
            throw CLI::ValidationError("PATH", "a list on standard input comes alone, without other paths");
    });
}

void add_model_options(CLI::App& command, std::string& model, std::string& device) {
    command.add_option("--model", model, "A shipped model's name, or a model file");
    command.add_option("--device", device, "auto, cpu, cuda or cuda:N")->capture_default_str();
}

void add_report_options(CLI::App& command, std::optional<ReportFormat>& format,
                        boost::filesystem::path& output) {
    command
        .add_option_function<std::string>(
            "--format", [&format](const std::string& name) { format = report_formats().at(name); },
            "table, csv, json or jsonl; a table on a terminal, CSV elsewhere if not given")
        ->check(CLI::IsMember({"table", "csv", "json", "jsonl"}));
    command
        .add_option_function<std::string>(
            "--output,-o", [&output](const std::string& file) { output = file; }, "Write to this file")
        ->type_name("FILE");
}

std::string default_model() {
    const auto models = list_models();
    if (models.empty()) throw Error(ErrorCode::bad_model, "no model is installed; name a file with --model");
    return models.front().name;
}

}  // namespace piaa::cli
