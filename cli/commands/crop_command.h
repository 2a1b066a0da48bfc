#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include "crops/photo_crops.h"
#include "crops/poster.h"
#include "report/report.h"
#include "run/photo_run.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct CropCommandOptions : CropRequest {
    PhotoRunOptions photos;
    ScorerOptions scorer;
    std::optional<ReportFormat> format;  ///< none: a table on a terminal, CSV elsewhere
    boost::filesystem::path output;      ///< empty: standard output
    boost::filesystem::path into;        ///< folder for the crops as pictures; empty: none
    boost::filesystem::path preview;     ///< folder for the photos with their crops drawn; empty: none
    boost::filesystem::path svg;         ///< folder for the crops as posters; empty: none
    PosterTexts texts;                   ///< in previews and posters
    bool xmp = false;                    ///< crops into the photos' sidecars
    bool camera_raw = false;             ///< the same, and the best one as crs: values
    bool force = false;                  ///< write over pictures and crs: crops that are there
    boost::filesystem::path undo_log;    ///< of sidecars that are written; empty: in the user's folder
};

/// Adds "piaa-batch crop"; run is called with the parsed options.
void add_crop_command(CLI::App& app, std::function<void(const CropCommandOptions&)> run);

/// Writes the crops of each photo to out, or to the file of options: in JSON one record per photo and format,
/// in tables and CSV one row per crop. One line per failed file goes to err. Returns an ExitCode.
int run_crop(const CropCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
