#pragma once

#include <string>
#include <utility>
#include <vector>

namespace piaa::cli {

/// A photo on a page for rating.
struct RatePhoto {
    std::string name;  ///< as the page's tables call it: UTF-8, relative to the folder
    std::string jpeg;  ///< a small copy, encoded
};

/// One self-contained HTML page on which a person rates the photos by stars or compares them in pairs, and
/// saves ratings.csv and pairs.csv. It works from file:// and loads nothing.
///
/// folder: what the page's command for `adapt --images` names. pairs: places in `photos`, each pair of two.
/// profile: what the command goes on from; empty when it makes a new one.
std::string rate_page(const std::vector<RatePhoto>& photos,
                      const std::vector<std::pair<std::size_t, std::size_t>>& pairs,
                      const std::string& folder, const std::string& profile = "");

}  // namespace piaa::cli
