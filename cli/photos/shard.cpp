#include "photos/shard.h"

#include <charconv>

#include <CLI/CLI.hpp>
#include <xxhash.h>

#include <piaa/error.h>

#include "photos/photo_list.h"

namespace piaa::cli {

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

void add_shard_option(CLI::App& command, Shard& shard) {
    command
        .add_option_function<std::string>(
            "--shard",
            [&shard](const std::string& text) {
                try {
                    shard = parse_shard(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError("--shard", error.what());
                }
            },
            "Only part I of N, such as 2/8, chosen by a hash of each path below the folder named")
        ->type_name("I/N");
}

}  // namespace piaa::cli
