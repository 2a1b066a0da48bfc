#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/ratings_table.h>

#include "console/terminal.h"
#include "feedback/named_feedback.h"
#include "run/cache_options.h"
#include "run/star_choice.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct AdaptCommandOptions {
    boost::filesystem::path ratings;        ///< CSV: image,rating; may be empty
    boost::filesystem::path pairs;          ///< CSV: winner,loser; may be empty
    boost::filesystem::path choices;        ///< CSV: shown,chosen; may be empty
    boost::filesystem::path from_xmp;       ///< folder of photos that other programs gave stars; may be empty
    boost::filesystem::path liked;          ///< folder of photos that were chosen; may be empty
    boost::filesystem::path among;          ///< and those that they were chosen from
    StarOptions stars;                      ///< which of those count
    boost::filesystem::path images;         ///< folder that the names in the tables are relative to
    boost::filesystem::path update;         ///< a profile to go on from; may be empty
    boost::filesystem::path migrate;        ///< a profile to learn again on another model; may be empty
    std::vector<std::string> pool;          ///< profiles of people to learn a common taste of; may be empty
    std::vector<std::string> forget;        ///< photos, or content ids, whose opinions to take back
    boost::filesystem::path questionnaire;  ///< answers to `profile questions`; may be empty
    bool forget_questionnaire = false;      ///< take them out again
    boost::filesystem::path output;  ///< the profile to write; empty to write `update` or `migrate` anew
    StarChoice star_choice;          ///< kept in the profile
    std::string scale = "1-5";
    std::string method;  ///< of adapt(); empty for the profile's own, or "auto" for a new one
    std::string
        model;  ///< a shipped model's name or a file; empty for the profile's or, when migrating, the default
    std::string device = "auto";
    boost::filesystem::path prior;  ///< empty for the model's own
    boost::filesystem::path blg;    ///< weights for the method blg; empty for the model's own
    bool json = false;
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "piaa-batch adapt"; run is called with the parsed options.
void add_adapt_command(CLI::App& app, std::function<void(const AdaptCommandOptions&)> run);

/// Writes the profile, what was learned to out and one line for each opinion or photo that could not be used
/// to err. An existing profile is replaced whole or left as it was. Returns an ExitCode.
int run_adapt(const AdaptCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
