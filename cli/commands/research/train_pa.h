#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/research/train_pa.h>

#include "console/terminal.h"
#include "feedback/rated_photos.h"
#include "run/cache_options.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainPaCommandOptions {
    RatedPhotosOptions rated;
    boost::filesystem::path liked;         ///< table of liked photos, see read_liked_photos()
    boost::filesystem::path liked_images;  ///< folder they are in
    int held_out = 0;                      ///< every so many-th liked photo is only tested on; 0 for none
    boost::filesystem::path choices;  ///< 5x5 correlations of questionnaires and choices, to compare with
    std::string model;                ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    boost::filesystem::path output;
    boost::filesystem::path
        prior;  ///< linear prior whose directions are read as axes; empty: the model's own
    TrainPaOptions pa;
    bool cross_validate = false;  ///< tell how well the aesthetic head does on photos it was not trained on
    CacheOptions cache;
    int jobs = 0;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "pa" and "mt" to "piaa-batch train".
void add_train_pa(CLI::App& train, std::function<void(const TrainPaCommandOptions&)> run);

/// Trains and writes the prior; says on out how well the axes tell held-out photos apart. Returns an
/// ExitCode.
int run_train_pa(const TrainPaCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
