#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include "photo_run.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct ExplainOptions {
    PhotoRunOptions photos;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path user;   ///< a profile; empty for what people in general see
    boost::filesystem::path prior;  ///< empty for the one shipped with the model
    boost::filesystem::path into;   ///< the folder for pictures and reasons; made when it is not there
    bool fit_colours = false;       ///< each map its own colour scale, instead of one for all photos
};

/// Adds "piaa-batch explain"; run is called with the parsed options.
void add_explain_command(CLI::App& app, std::function<void(const ExplainOptions&)> run);

/// Writes for each photo, named after it: NAME.generic.png, the map over the photo; with a profile
/// NAME.personal.png and NAME.difference.png too; NAME.sheet.png, all side by side; NAME.json and NAME.txt,
/// the reasons. The reasons go to out as well. Returns an ExitCode.
int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
