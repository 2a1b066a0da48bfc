#include "run/parsed_json.h"

#include <set>
#include <utility>
#include <vector>

namespace piaa::cli {

ParsedJson parsed_json(const std::string& text) {
    using Json = nlohmann::json;
    std::vector<std::set<std::string>> keys;  // of the objects that are open
    std::optional<std::string> repeated;
    const auto look = [&](int, Json::parse_event_t event, const Json& parsed) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            repeated = parsed.get<std::string>();
        return true;
    };
    Json value = Json::parse(text, look, false);
    return {std::move(value), std::move(repeated)};
}

}  // namespace piaa::cli
