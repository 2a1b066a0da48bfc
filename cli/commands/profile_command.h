#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

namespace CLI {
class App;
}

namespace piaa::cli {

struct ProfileOptions {
    boost::filesystem::path file;
    std::string model;              ///< the profile's model, when it is not a shipped one
    boost::filesystem::path prior;  ///< the prior it was learned with, when it is not the shipped one
    bool json = false;
    bool questions = false;               ///< print the questionnaire instead
    bool anonymous = false;               ///< write it to output without what leads to its photos, instead
    boost::filesystem::path output = {};  ///< where to
};

/// Adds "piaa-batch profile" with show, questions and export, and returns it for others of its kind; run is
/// called with the parsed options.
CLI::App& add_profile_command(CLI::App& app, std::function<void(const ProfileOptions&)> run);

/// Says in plain words what a profile was learned from, how well it knows the person and what they like.
/// What needs the profile's model or prior is left out, with a line on err, when those are not there.
/// Returns an ExitCode.
int run_profile(const ProfileOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
