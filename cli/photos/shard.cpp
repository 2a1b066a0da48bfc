#include "photos/shard.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

#include <CLI/CLI.hpp>
#include <xxhash.h>

#include <piaa/error.h>
#include <piaa/parse_number.h>

#include "photos/photo_list.h"

namespace piaa::cli {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_argument, reason);
}

/// Numbers that a scheduler left in the environment.
class Variables {
public:
    explicit Variables(const std::function<const char*(const char*)>& value) : value_(value) {}

    std::optional<std::int64_t> number(const std::string& name) const {
        const char* const text = value_(name.c_str());
        if (text == nullptr || *text == '\0') return std::nullopt;
        const auto number = parse_number<std::int64_t>(text);
        if (!number) refuse(name + " is '" + text + "' and should be a number");
        return number;
    }

private:
    const std::function<const char*(const char*)>& value_;
};

/// What --shard says.
Shard chosen_shard(const std::string& text) {
    const std::string word = "auto";
    const auto variable = [](const char* name) -> const char* { return std::getenv(name); };
    if (text == word) return scheduled_shard(variable);
    if (!text.starts_with(word + "/")) return parse_shard(text);
    return scheduled_shard(variable, parse_shard("1" + text.substr(word.size())).count);
}

}  // namespace

bool Shard::holds(const Photo& photo) const {
    const std::string_view below = std::string_view(photo.file.native()).substr(photo.root);
    return XXH3_64bits(below.data(), below.size()) % count + 1 == index;
}

std::string Shard::text() const {
    return std::to_string(index) + "/" + std::to_string(count);
}

Shard parse_shard(const std::string& text) {
    Shard shard{0, 0};
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.index);
    if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
        const auto second = std::from_chars(first.ptr + 1, end, shard.count);
        if (second.ec == std::errc() && second.ptr == end && shard.index >= 1 && shard.index <= shard.count)
            return shard;
    }
    throw Error(ErrorCode::bad_argument,
                "shard is '" + text + "' and should be like 2/8, the second of eight parts");
}

Shard scheduled_shard(const std::function<const char*(const char*)>& variable, std::uint32_t count) {
    const Variables variables(variable);
    const auto slurm = variables.number("SLURM_ARRAY_TASK_ID");
    const auto aws = variables.number("AWS_BATCH_JOB_ARRAY_INDEX");
    const auto kubernetes = variables.number("JOB_COMPLETION_INDEX");
    const auto give = [&](std::int64_t from_zero, std::optional<std::int64_t> told, const std::string& name) {
        if (told && count != 0 && *told != count)
            refuse("the array has " + std::to_string(*told) + " jobs and should have " +
                   std::to_string(count));
        const std::int64_t all = told.value_or(count);
        if (all == 0) refuse(name + " comes without a count, which --shard auto/N gives");
        if (from_zero < 0 || from_zero >= all || all > UINT32_MAX)
            refuse(name + " is not one of " + std::to_string(all) + " jobs");
        return Shard{static_cast<std::uint32_t>(from_zero + 1), static_cast<std::uint32_t>(all)};
    };
    if (slurm) {
        const auto first = variables.number("SLURM_ARRAY_TASK_MIN").value_or(0);
        const auto step = std::max<std::int64_t>(1, variables.number("SLURM_ARRAY_TASK_STEP").value_or(1));
        const auto told = variables.number("SLURM_ARRAY_TASK_COUNT");
        const auto last = variables.number("SLURM_ARRAY_TASK_MAX");
        if ((*slurm - first) % step != 0 || (told && last && last != first + (*told - 1) * step))
            refuse("the tasks of the Slurm array are not evenly numbered and should be, as in --array=0-7");
        return give((*slurm - first) / step, told, "SLURM_ARRAY_TASK_ID");
    }
    if (aws) return give(*aws, variables.number("AWS_BATCH_JOB_ARRAY_SIZE"), "AWS_BATCH_JOB_ARRAY_INDEX");
    if (kubernetes) return give(*kubernetes, std::nullopt, "JOB_COMPLETION_INDEX");
    refuse("neither Slurm nor AWS Batch nor Kubernetes says which job of an array this is");
}

void add_shard_option(CLI::App& command, Shard& shard) {
    command
        .add_option_function<std::string>(
            "--shard",
            [&shard](const std::string& text) {
                try {
                    shard = chosen_shard(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError("--shard", error.what());
                }
            },
            "Only part I of N, such as 2/8, chosen by a hash of each path below the folder named; auto: the "
            "part "
            "that Slurm or AWS Batch gives this job, auto/N that of Kubernetes")
        ->type_name("I/N");
}

}  // namespace piaa::cli
