#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "console/terminal.h"
#include "report/report.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct PresetOptions {
    std::string show;                    ///< the preset to show; empty to list all
    std::optional<ReportFormat> format;  ///< none: a table on a terminal, CSV elsewhere
    Terminal terminal;
};

/// Adds "piaa-batch preset list" and "preset show NAME"; run is called with the parsed options.
void add_preset_command(CLI::App& app, std::function<void(const PresetOptions&)> run);

/// Returns an ExitCode: bad_usage for an unknown or damaged preset that was to be shown, some_files_failed
/// where damaged ones are missing in the list, each with a line on err.
int run_preset(const PresetOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
