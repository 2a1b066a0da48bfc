#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace piaa::cli {

struct Photo;

/// One of several equal parts of a list of photos, so that many programs share the work. Which part a photo
/// is in depends on its path below the folder that was named and on the number of parts, and on nothing else:
/// not on the other photos, the machine or where the folder is mounted.
struct Shard {
    std::uint32_t index = 1;  ///< from 1 to count
    std::uint32_t count = 1;

    bool holds(const Photo& photo) const;
    bool is_all() const { return count == 1; }
    std::string text() const;  ///< "2/8"
    bool operator==(const Shard&) const = default;
};

/// "2/8". Throws Error(bad_argument) for anything else.
Shard parse_shard(const std::string& text);

/// The part that a scheduler gave this program of an array of jobs, by the variables it set: Slurm's
/// (SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX, _STEP), AWS Batch's (AWS_BATCH_JOB_ARRAY_INDEX, _SIZE) or
/// Kubernetes' (JOB_COMPLETION_INDEX, which comes without a count). variable: what getenv() gives. count: 0
/// for what the variables say. Throws Error(bad_argument) when they say nothing, not enough or something
/// else.
Shard scheduled_shard(const std::function<const char*(const char*)>& variable, std::uint32_t count = 0);

/// --shard.
void add_shard_option(CLI::App& command, Shard& shard);

}  // namespace piaa::cli
