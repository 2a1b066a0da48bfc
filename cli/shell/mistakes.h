#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace piaa::cli {

/// What is wrong with the command line, and what was most likely meant by an unknown command or option.
std::string explain_mistake(const CLI::App* app, const CLI::Error& error);

}  // namespace piaa::cli
