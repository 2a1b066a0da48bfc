#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/research/distil.h>

namespace CLI {
class App;
}

namespace piaa::cli {

struct TrainDistilOptions {
    std::vector<std::string> paths;   ///< photos and folders of photos
    std::string teacher;              ///< a shipped model's name or a file; empty for the default one
    boost::filesystem::path prior;    ///< the teacher's; empty for the shipped one, if it has one
    boost::filesystem::path student;  ///< a model or the weights of a network
    int input_size = 200;
    std::size_t views = 40'000;
    std::string device = "auto";
    DistilOptions learning;
    boost::filesystem::path output;
    int jobs = 0;
    bool quiet = false;
};

/// Adds "distil" to "piaa-batch train".
void add_train_distil(CLI::App& train, std::function<void(const TrainDistilOptions&)> run);

/// Writes the student's network. Returns an ExitCode.
int run_train_distil(const TrainDistilOptions& options, std::ostream& err);

}  // namespace piaa::cli
