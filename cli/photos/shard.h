#pragma once

#include <cstdint>
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

/// --shard.
void add_shard_option(CLI::App& command, Shard& shard);

}  // namespace piaa::cli
