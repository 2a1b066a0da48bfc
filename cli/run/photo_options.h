#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>

#include "report/report.h"
#include "run/photo_run.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace piaa::cli {

/// PATH..., -0, --id, --failed-ok, --progress, --jobs, --memory, --time-limit, --quiet.
void add_photo_options(CLI::App& command, PhotoRunOptions& options);

/// --watch, --settle.
void add_watch_options(CLI::App& command, PhotoRunOptions& options);

/// --model, --device.
void add_model_options(CLI::App& command, std::string& model, std::string& device);

/// Where --model and the profile that another option names, "--user", do not belong together, the settings
/// file's part gives way.
void let_settings_give_way(CLI::App& command, const std::string& profile_option);

/// --format, --output.
void add_report_options(CLI::App& command, std::optional<ReportFormat>& format,
                        boost::filesystem::path& output);

/// An option that takes a path, of any bytes.
CLI::Option* add_path_option(CLI::App& command, const std::string& name, boost::filesystem::path& target,
                             const std::string& help, const std::string& type = "FILE");

/// --undo-log.
void add_undo_log_option(CLI::App& command, boost::filesystem::path& log);

/// --jobs, --quiet, for commands that read a table of photos as a whole.
void add_run_options(CLI::App& command, int& jobs, bool& quiet);

/// --format table|json, for commands whose answer is one report.
void add_answer_format(CLI::App& command, bool& json);

/// What the user asked for; otherwise a table where people look and CSV elsewhere.
ReportFormat report_format(const std::optional<ReportFormat>& asked, const Terminal& terminal,
                           const boost::filesystem::path& output);

/// For Report: the width of the terminal that shows the rows, 0 where a file or a pipe takes them.
int terminal_columns(const Terminal& terminal, const boost::filesystem::path& output);

/// Runs work that succeeds or fails as a whole: an Error becomes one line on err and an ExitCode,
/// some_files_failed after Ctrl-C and cannot_start otherwise.
int run_as_a_whole(std::ostream& err, const std::function<int()>& work);

/// The name of the first shipped model. Throws Error(bad_model) when none is shipped.
std::string default_model();

/// A shipped model's name or a file; empty for the default one. Throws as load_model().
Model load_chosen_model(const std::string& model, const std::string& device = "auto");

}  // namespace piaa::cli
