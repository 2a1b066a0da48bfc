#include "pages/page_data.h"

#include <nlohmann/json.hpp>

namespace piaa::cli {

std::string for_script(const nlohmann::ordered_json& data) {
    const std::string json = data.dump();
    std::string text;
    text.reserve(json.size());
    for (const char c : json)
        if (c == '<')
            text += "\\u003c";
        else
            text += c;
    return text;
}

}  // namespace piaa::cli
