#pragma once

#include <functional>
#include <iosfwd>

#include <boost/filesystem/path.hpp>

#include "run/photo_run.h"
#include "run/scorer.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// How maps are made: from the weights in use, or by asking the network in another way.
enum class MapMethod { activation, layercam, gradient, smoothgrad, occlusion };

struct ExplainOptions {
    PhotoRunOptions photos;
    ScorerOptions scorer;
    boost::filesystem::path into;  ///< the folder for pictures and reasons; made when it is not there
    MapMethod method = MapMethod::activation;
    bool fit_colours = false;  ///< each map its own colour scale, instead of one for all photos
    bool overwrite = false;    ///< replace files of the same names
};

/// Adds "piaa-batch explain"; run is called with the parsed options.
void add_explain_command(CLI::App& app, std::function<void(const ExplainOptions&)> run);

/// Writes for each photo, named after it: NAME.generic.png, the map over the photo; with a profile
/// NAME.personal.png and NAME.difference.png too; NAME.sheet.png, all side by side; NAME.json and NAME.txt,
/// the reasons; with failed_ok NAME.json alone of a photo that failed, with its error, and what an earlier
/// run made of it goes. Other methods add a map to those, named after the method: NAME.occlusion.png. The
/// reasons go to out as well. Returns an ExitCode.
int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
