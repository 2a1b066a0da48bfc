#include "limits/machine_limits.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <thread>

#include <piaa/error.h>

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

// What the program takes by itself with the network runtime, and what each worker adds apart from decoding.
// Measured at the peak over 24 photos of 12 megapixels, one and two jobs: JPEG 272 and 319 MB, WebP 264 and
// 296, TIFF 276 and 358, PNG 298 and 400, HEIC 345 and 347, all of them mixed 348 and 404.
constexpr std::uint64_t megabyte = 1'000'000;
constexpr std::uint64_t program_memory = 230 * megabyte;
constexpr std::uint64_t job_memory = 45 * megabyte;
constexpr std::uint64_t decoding_memory = 96 * megabyte;    // a worker, where there is plenty
constexpr std::uint64_t smallest_decoding = 24 * megabyte;  // a worker, where there is little

std::string content_of(const fs::path& file) {
    std::ifstream in(file.string());
    std::string line;
    std::getline(in, line);
    return line;
}

/// The number at the start of a text; infinite for "max", an empty text or less than nothing.
double number_in(const std::string& text) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    return end == text.c_str() || number < 0 ? std::numeric_limits<double>::infinity() : number;
}

/// Lowers the limits to those of one group and all groups above it.
class GroupLimits {
public:
    /// mount: where the hierarchy is mounted; group: "/a/b" in it, perhaps not visible from in here.
    void add(const fs::path& mount, const std::string& group) {
        for (fs::path path = fs::path(group).relative_path();; path = path.parent_path()) {
            add_one(mount / path);
            if (path.empty()) break;
        }
    }
    double cores = std::numeric_limits<double>::infinity();
    double memory = std::numeric_limits<double>::infinity();

private:
    void add_one(const fs::path& folder) {
        std::istringstream quota(content_of(folder / "cpu.max"));  // "150000 100000" or "max 100000"
        std::string share, period;
        if (quota >> share >> period) cores = std::min(cores, number_in(share) / number_in(period));
        const double old_share = number_in(content_of(folder / "cpu.cfs_quota_us"));  // -1 for no limit
        const double old_period = number_in(content_of(folder / "cpu.cfs_period_us"));
        if (std::isfinite(old_share) && old_period > 0) cores = std::min(cores, old_share / old_period);
        for (const char* name : {"memory.max", "memory.limit_in_bytes"})
            memory = std::min(memory, number_in(content_of(folder / name)));
    }
};

}  // namespace

MachineLimits machine_limits(const fs::path& root) {
    GroupLimits groups;
    const fs::path mounts = root / "sys/fs/cgroup";
    std::ifstream list((root / "proc/self/cgroup").string());
    for (std::string line; std::getline(list, line);) {  // "0::/group", or "4:cpu,cpuacct:/group"
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const std::string group = line.substr(second + 1);
        if (controllers.empty()) groups.add(mounts, group);
        std::istringstream names(controllers);
        for (std::string name; std::getline(names, name, ',');)
            if (name == "cpu" || name == "memory") {
                groups.add(mounts / name, group);
                groups.add(mounts / controllers, group);
            }
    }
    MachineLimits limits;
    limits.cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    if (std::isfinite(groups.cores))
        limits.cores = std::clamp(static_cast<int>(std::ceil(groups.cores)), 1, limits.cores);
    // Version 1 says "no limit" by a number near the largest.
    if (groups.memory < 1e15) limits.memory = static_cast<std::uint64_t>(groups.memory);
    return limits;
}

WorkPlan plan_work(int jobs, std::uint64_t memory, const MachineLimits& limits) {
    WorkPlan plan;
    plan.jobs = jobs > 0 ? jobs : limits.cores;
    const std::uint64_t most = memory > 0 ? memory : limits.memory;
    const auto plenty = [&] { return decoding_memory * static_cast<std::uint64_t>(std::max(2, plan.jobs)); };
    plan.decoding = plenty();
    if (most == 0) return plan;

    plan.strict = true;
    const auto needed = [](int workers) {
        return program_memory + static_cast<std::uint64_t>(workers) * (job_memory + smallest_decoding);
    };
    if (jobs == 0)
        while (plan.jobs > 1 && needed(plan.jobs) > most) --plan.jobs;
    if (memory > 0 && needed(plan.jobs) > memory)
        throw Error(ErrorCode::bad_argument,
                    "memory for " + std::to_string(plan.jobs) + (plan.jobs == 1 ? " job" : " jobs") + " is " +
                        std::to_string(memory / megabyte) + " MB and should be at least " +
                        std::to_string(needed(plan.jobs) / megabyte) + " MB");
    const std::uint64_t taken = program_memory + static_cast<std::uint64_t>(plan.jobs) * job_memory;
    plan.decoding = std::clamp(most > taken ? most - taken : 0, smallest_decoding, plenty());
    return plan;
}

}  // namespace piaa::cli
