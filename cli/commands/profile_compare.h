#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include "console/terminal.h"
#include "run/cache_options.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct ProfileCompareOptions {
    boost::filesystem::path first, second;
    boost::filesystem::path images;  ///< the photos that both are asked about
    boost::filesystem::path prior;   ///< of both, when it is not the shipped one
    std::string model;               ///< of both, when it is not a shipped one
    std::string device = "auto";
    std::size_t top = 10;  ///< so many photos on which they disagree most
    bool json = false;
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "compare" to "piaa-batch profile"; run is called with the parsed options.
void add_profile_compare(CLI::App& profile, std::function<void(const ProfileCompareOptions&)> run);

/// Says how far two people agree on photos, what one of them likes more than the other, and on which photos
/// they differ most. Returns an ExitCode.
int run_profile_compare(const ProfileCompareOptions& options, std::ostream& out, std::ostream& err);

}  // namespace piaa::cli
