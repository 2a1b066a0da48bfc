#pragma once

#include <string>
#include <vector>

namespace piaa::cli {

/// The page of `piaa-batch teach` about photos of these names. It loads them and what has been learned from
/// where it came from, and nothing from elsewhere.
std::string teach_page(const std::vector<std::string>& names);

}  // namespace piaa::cli
