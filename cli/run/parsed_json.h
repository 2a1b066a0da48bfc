#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace piaa::cli {

struct ParsedJson {
    nlohmann::json value;  ///< discarded where the text is no JSON
    /// A key that one of its objects holds more than once: readers take one value or the other.
    std::optional<std::string> repeated;
};

ParsedJson parsed_json(const std::string& text);

}  // namespace piaa::cli
