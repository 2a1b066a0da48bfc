#pragma once

#include <functional>
#include <iosfwd>
#include <optional>

#include <boost/filesystem/path.hpp>

#include "report/report.h"
#include "run/photo_run.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct SimilarOptions {
    boost::filesystem::path photo;  ///< what the others are compared with
    PhotoRunOptions photos;         ///< where to look
    ScorerOptions scorer;
    std::size_t top = 20;
    std::optional<ReportFormat> format;  ///< none: a table on a terminal, CSV elsewhere
    boost::filesystem::path output;      ///< empty: standard output
};

/// Adds "piaa-batch similar"; run is called with the parsed options.
void add_similar_command(CLI::App& app, std::function<void(const SimilarOptions&)> run);

/// Writes the photos that look most like one photo to the network, the likest first. Returns an ExitCode.
int run_similar(const SimilarOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
