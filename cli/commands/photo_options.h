#pragma once

#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include "photo_run.h"
#include "report.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// PATH..., -0, --jobs, --quiet.
void add_photo_options(CLI::App& command, PhotoRunOptions& options);

/// --model, --device.
void add_model_options(CLI::App& command, std::string& model, std::string& device);

/// --format, --output.
void add_report_options(CLI::App& command, std::optional<ReportFormat>& format,
                        boost::filesystem::path& output);

/// The name of the first shipped model. Throws Error(bad_model) when none is shipped.
std::string default_model();

}  // namespace piaa::cli
