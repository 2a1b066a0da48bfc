#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include <boost/filesystem/path.hpp>

#include "cache_options.h"
#include "terminal.h"

namespace CLI {
class App;
}

namespace piaa::cli {

struct RateOptions {
    boost::filesystem::path folder;
    boost::filesystem::path output;
    std::size_t count = 30;      ///< photos on the page
    std::size_t look_at = 1000;  ///< of a larger folder, choose among this many, taken at random
    std::uint64_t seed = 1;
    std::string model;  ///< a shipped model's name or a file; empty for the default one
    std::string device = "auto";
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    Terminal terminal;
};

/// Adds "piaa-batch rate"; run is called with the parsed options.
void add_rate_command(CLI::App& app, std::function<void(const RateOptions&)> run);

/// Writes a page on which a person rates photos of the folder: 70 % that tell most about taste, 30 % that are
/// likely good. Messages go to err. Returns an ExitCode.
int run_rate(const RateOptions& options, std::ostream& err);

}  // namespace piaa::cli
