#pragma once

#include <functional>
#include <iosfwd>
#include <optional>

#include <boost/filesystem/path.hpp>

#include "changes/photo_transfer.h"
#include "changes/xmp_scores.h"
#include "report/report.h"
#include "run/photo_run.h"
#include "run/photo_selection.h"
#include "run/scorer.h"
#include "run/star_choice.h"

namespace CLI {
class App;
}

namespace piaa::cli {

enum class ScoreOrder { path, score };

struct ScoreOptions {
    /// With keep_subjects the photos of one moment are compared by their subject's sharpness.
    PhotoRunOptions photos;
    ScorerOptions scorer;
    std::optional<ReportFormat> format;  ///< none: a table on a terminal, CSV elsewhere
    boost::filesystem::path output;      ///< empty: standard output
    bool provenance = false;             ///< say in CSV too which model and profile the scores come from
    std::optional<ScoreOrder> order;     ///< none: best first with top, else by path
    bool percentile = false;             ///< a photo's percentile rank among all of the run
    StarChoice stars;
    PhotoSelection selection;
    std::size_t top = 0;                  ///< only the best so many of the selection; 0 for all
    boost::filesystem::path report_page;  ///< --report; empty for none
    XmpScoreOptions xmp;
    std::optional<TransferKind> transfer;
    boost::filesystem::path transfer_to;
    boost::filesystem::path undo_log;  ///< empty: in the user's folder for such things
};

/// Adds "piaa-batch score"; run is called with the parsed options.
void add_score_command(CLI::App& app, std::function<void(const ScoreOptions&)> run);

/// Writes one row per photo to out, or to the file of options, and one line per failed file to err. Returns
/// an ExitCode.
int run_score(const ScoreOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
