#pragma once

#include <string>
#include <vector>

namespace piaa::cli {

/// A name as it is, then with its accents as one letter (NFC) and as two (NFD), each spelling once: systems
/// and the programs that copy between them differ in which they write. A name that is no UTF-8 has one.
std::vector<std::string> spellings(const std::string& name);

}  // namespace piaa::cli
