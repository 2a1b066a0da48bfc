#include "pages/rate_page.h"

#include <cstdint>
#include <functional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "console/base64.h"
#include "console/escape.h"
#include "pages/page_data.h"
#include "rate_page_template.h"

namespace piaa::cli {
namespace {

/// Tells pages with other photos apart, so that none takes up where another was left. FNV-1a over the names.
std::string page_id(const std::vector<RatePhoto>& photos) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const auto& photo : photos)
        for (const char c : photo.name + '\n')
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return std::to_string(hash);
}

}  // namespace

std::string rate_page(const std::vector<RatePhoto>& photos,
                      const std::vector<std::pair<std::size_t, std::size_t>>& pairs,
                      const std::string& folder, const std::string& profile) {
    nlohmann::ordered_json data = {{"id", page_id(photos)},
                                   {"folder", percent_escaped(folder)},
                                   {"update", percent_escaped(profile)},
                                   {"photos", nlohmann::ordered_json::array()},
                                   {"pairs", nlohmann::ordered_json::array()}};
    for (const auto& photo : photos)
        data["photos"].push_back(
            {{"name", photo.name}, {"source", "data:image/jpeg;base64," + base64(photo.jpeg)}});
    for (const auto& [a, b] : pairs) data["pairs"].push_back({a, b});

    const std::string_view page = rate_page_template;
    constexpr std::string_view place = "@PIAA_RATE_DATA@";
    const auto at = page.find(place);
    return std::string(page.substr(0, at)) + for_script(data) + std::string(page.substr(at + place.size()));
}

}  // namespace piaa::cli
