#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

/// JSON that can stand inside a script element: nothing in it looks like the element's end.
std::string for_script(const nlohmann::ordered_json& data);

}  // namespace piaa::cli
