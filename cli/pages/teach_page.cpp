#include "pages/teach_page.h"

#include <string_view>

#include <nlohmann/json.hpp>

#include "console/escape.h"
#include "pages/page_data.h"
#include "teach_page_template.h"

namespace piaa::cli {

std::string teach_page(const std::vector<std::string>& names) {
    nlohmann::ordered_json data = nlohmann::ordered_json::array();
    for (const std::string& name : names) data.push_back(percent_escaped(name));
    const std::string_view page = teach_page_template;
    constexpr std::string_view place = "@PIAA_TEACH_DATA@";
    const auto at = page.find(place);
    return std::string(page.substr(0, at)) + for_script(data) + std::string(page.substr(at + place.size()));
}

}  // namespace piaa::cli
