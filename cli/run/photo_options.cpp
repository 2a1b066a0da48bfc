#include "run/photo_options.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <piaa/error.h>
#include <piaa/model.h>
#include <piaa/parse_number.h>
#include <piaa/profile.h>

#include "console/exit_code.h"
#include "console/say.h"
#include "limits/machine_limits.h"
#include "shell/option_group.h"
#include "shell/settings_file.h"

namespace piaa::cli {
namespace {

/// Of --progress.
int events_descriptor(const std::string& form) {
    const std::string prefix = "json:";
    if (form == "json") return STDERR_FILENO;
    const int descriptor =
        form.starts_with(prefix) ? parse_number<int>(form.substr(prefix.size())).value_or(-1) : -1;
    if (descriptor < 0)
        throw CLI::ValidationError("--progress", "is '" + form + "' and should be json, or json:3");
    if (::fcntl(descriptor, F_GETFD) < 0)
        throw CLI::ValidationError("--progress", "descriptor " + std::to_string(descriptor) + " is not open");
    return descriptor;
}

/// Which photos.
void add_photo_list(CLI::App& command, PhotoRunOptions& options) {
    const OptionGroup group(command, "Photos");
    command
        .add_option("PATH", options.paths, "Photos and folders of photos; - reads a list, one path per line")
        ->type_name("");
    command.add_flag("-0,--null", options.nul_separated,
                     "Read a list on standard input, its paths ended by NUL");
    command.add_flag("--id", options.keys,
                     "Each line of the list is a key, a tab and the path; the row has the key");
}

/// How the work on them is done and told.
void add_work_options(CLI::App& command, PhotoRunOptions& options) {
    const OptionGroup group(command, "Work");
    command.add_flag(
        "--failed-ok", options.failed_ok,
        "Exit with 0 although photos failed, each of which is told with its error; a named path that "
        "is not there ends with 1 still");
    command
        .add_option("--jobs,-j", options.jobs,
                    "Photos worked on at once; as many as there are cores if not given")
        ->check(CLI::Range(1, 1024));
    command
        .add_option("--memory", options.memory,
                    "What the program may take, such as 500M or 2G; larger photos are refused")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    command
        .add_option_function<int>(
            "--time-limit", [&options](int seconds) { options.time_limit = std::chrono::seconds(seconds); },
            "Seconds after which a photo that is still being read or decoded is given up; 300 if not given")
        ->check(CLI::Range(1, 86400))
        ->type_name("SECONDS");
    command.add_flag("--quiet,-q", options.quiet, "No progress and no summary; failed files are named still");
    command
        .add_option_function<std::string>(
            "--progress",
            [&options](const std::string& form) { options.events_to = events_descriptor(form); },
            "json: tell start, progress, errors and end as one JSON object per line on standard error, in "
            "place of all else; json:N on the open descriptor N")
        ->type_name("json[:N]");
}

}  // namespace

void add_watch_options(CLI::App& command, PhotoRunOptions& options) {
    const OptionGroup group(command, "Photos");
    auto* watch =
        add_path_option(command, "--watch", options.watch,
                        "Go on with photos that arrive in this folder and below it, each when it is "
                        "complete, until Ctrl-C",
                        "DIR");
    command
        .add_option_function<double>(
            "--settle",
            [&options](const double& seconds) {
                options.settle = std::chrono::milliseconds(std::llround(1000 * seconds));
            },
            "With --watch: seconds for which nothing may happen to a file that was closed; 1 if not given")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 3600.0))
        ->needs(watch);
}

void add_photo_options(CLI::App& command, PhotoRunOptions& options) {
    options.terminal = find_terminal();
    add_photo_list(command, options);
    add_work_options(command, options);
    command.parse_complete_callback([&options] {
        const auto lists = std::count(options.paths.begin(), options.paths.end(), "-");
        if (options.paths.empty() && !options.nul_separated && options.watch.empty())
            throw CLI::RequiredError("PATH");
        if (!options.watch.empty() && reads_list(options))
            throw CLI::ValidationError("--watch", "does not go with a list on standard input");
        if ((lists > 0 && options.paths.size() > 1) ||
            (options.nul_separated && options.paths.size() > static_cast<std::size_t>(lists)))
            throw CLI::ValidationError("PATH", "a list on standard input comes alone, without other paths");
        if (options.keys && !reads_list(options))
            throw CLI::ValidationError("--id", "goes with a list on standard input (- or -0)");
        try {
            plan_work(options.jobs, options.memory, machine_limits());
        } catch (const Error& error) {
            throw CLI::ValidationError("--memory", error.what());
        }
    });
}

void add_model_options(CLI::App& command, std::string& model, std::string& device) {
    const OptionGroup group(command, "Judgement");
    command.add_option("--model", model, "A shipped model's name, or a model file")->type_name("MODEL");
    command
        .add_option("--device", device,
                    "auto, cpu, cuda or cuda:N; auto-half, cuda-half: 16 bits per number on a GPU")
        ->capture_default_str();
}

void let_settings_give_way(CLI::App& command, const std::string& profile_option) {
    const auto go_together = [](const std::string& model, const std::string& profile) {
        try {
            return load_profile(profile).base().hash == load_model(model).info().hash;
        } catch (const Error&) {
            return true;  // told by the command, with its reason
        }
    };
    exclude_by_value(command, "--model", profile_option, go_together);
}

void add_report_options(CLI::App& command, std::optional<ReportFormat>& format,
                        boost::filesystem::path& output) {
    const OptionGroup group(command, "Answer");
    command
        .add_option_function<std::string>(
            "--format", [&format](const std::string& name) { format = report_formats().at(name); },
            "table, csv, json or jsonl; a table on a terminal, CSV elsewhere if not given")
        ->check(CLI::IsMember({"table", "csv", "json", "jsonl"}));
    add_path_option(command, "--output,-o", output, "Write to this file");
}

CLI::Option* add_path_option(CLI::App& command, const std::string& name, boost::filesystem::path& target,
                             const std::string& help, const std::string& type) {
    // CLI11 gives an option the next word whatever it is, and a folder called --into is hard to get rid of.
    const auto is_path = [](const std::string& word) {
        return word.starts_with("--")
                   ? word + " is an option and should be a path (one of that name is written ./" + word + ")"
                   : std::string();
    };
    return command
        .add_option_function<std::string>(
            name, [&target](const std::string& path) { target = path; }, help)
        ->type_name(type)
        ->check(CLI::Validator(is_path, ""));
}

void add_undo_log_option(CLI::App& command, boost::filesystem::path& log) {
    add_path_option(command, "--undo-log", log, "Where to note what was changed, for piaa-batch undo");
}

void add_run_options(CLI::App& command, int& jobs, bool& quiet) {
    const OptionGroup group(command, "Work");
    command
        .add_option("--jobs,-j", jobs, "Photos worked on at once; as many as there are cores if not given")
        ->check(CLI::Range(1, 1024));
    command.add_flag("--quiet,-q", quiet, "No progress and no summary; what failed is named still");
}

void add_answer_format(CLI::App& command, bool& json) {
    const OptionGroup group(command, "Answer");
    command
        .add_option_function<std::string>(
            "--format", [&json](const std::string& format) { json = format == "json"; }, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
}

ReportFormat report_format(const std::optional<ReportFormat>& asked, const Terminal& terminal,
                           const boost::filesystem::path& output) {
    return asked.value_or(terminal.output && output.empty() ? ReportFormat::table : ReportFormat::csv);
}

int terminal_columns(const Terminal& terminal, const boost::filesystem::path& output) {
    return terminal.output && output.empty() ? terminal.columns : 0;
}

int run_as_a_whole(std::ostream& err, const std::function<int()>& work) {
    try {
        return work();
    } catch (const Error& error) {
        say(err, error.what());
        return error.code() == ErrorCode::cancelled ? some_files_failed : cannot_start;
    }
}

std::string default_model() {
    const auto models = list_models();
    if (models.empty()) throw Error(ErrorCode::bad_model, "no model is installed; name a file with --model");
    return models.front().name;
}

Model load_chosen_model(const std::string& model, const std::string& device) {
    return load_model(model.empty() ? default_model() : model, {.device = device});
}

}  // namespace piaa::cli
