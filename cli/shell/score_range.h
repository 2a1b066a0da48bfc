#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <piaa/parse_number.h>

namespace piaa::cli {

/// For an option that takes a score, 1 to 10. CLI::Range would let "nan" pass.
inline CLI::Validator score_range() {
    return {[](const std::string& text) {
                const auto score = parse_number<double>(text);
                return score && *score >= 1 && *score <= 10
                           ? std::string()
                           : "'" + text + "' should be a number from 1 to 10";
            },
            "FLOAT in [1 - 10]"};
}

}  // namespace piaa::cli
