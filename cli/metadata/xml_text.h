#pragma once

#include <string>

namespace piaa::cli {

/// Text as XML holds it, between tags and in attributes.
std::string xml_text(std::string text);

}  // namespace piaa::cli
