#pragma once

#include <ostream>
#include <string>

#include "console/escape.h"

namespace piaa::cli {

/// A line for people on standard error, whatever names it holds.
inline void say(std::ostream& err, const std::string& sentence) {
    err << "piaa-batch: " << printable(sentence) << '\n';
}

}  // namespace piaa::cli
