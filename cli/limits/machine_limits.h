#pragma once

#include <cstdint>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// What this process may use, by the machine and by the containers that it is in.
struct MachineLimits {
    int cores = 1;
    std::uint64_t memory = 0;  ///< bytes that a container allows; 0 where there is no such limit
};

/// Asks the system: the cores it may run on, and the limits of its control groups (version 1 or 2) and of all
/// groups above. `root` stands for "/" in tests.
MachineLimits machine_limits(const boost::filesystem::path& root = "/");

/// How photos are worked on within limits.
struct WorkPlan {
    int jobs = 1;
    std::uint64_t decoding = 0;  ///< bytes that all decoders may take together
    bool strict = false;         ///< a photo that needs more is refused; else it is decoded alone
};

/// jobs, memory: what the user asked for; 0 for what the limits allow. Fewer jobs than that where memory is
/// short, unless they were asked for. Throws Error(bad_argument) when the memory is too little for even one.
WorkPlan plan_work(int jobs, std::uint64_t memory, const MachineLimits& limits);

}  // namespace piaa::cli
