#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>

#include <boost/filesystem/path.hpp>

#include "changes/xmp_scores.h"
#include "report/report.h"
#include "run/photo_run.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct PickOptions {
    PhotoRunOptions photos;
    ScorerOptions scorer;
    std::optional<ReportFormat> format;
    boost::filesystem::path output;
    bool provenance = false;
    std::size_t cover = 0;  ///< only a varied set of so many; 0 for all groups
    XmpScoreOptions xmp;
    boost::filesystem::path undo_log;  ///< empty: in the user's folder for such things
};

/// Adds "piaa-batch pick"; run is called with the parsed options.
void add_pick_command(CLI::App& app, std::function<void(const PickOptions&)> run);

/// Writes one row per photo, group by group; changes sidecars only when options.xmp asks for it, and then
/// keeps the scores and stars that an earlier run wrote. Returns an ExitCode.
int run_pick(const PickOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
