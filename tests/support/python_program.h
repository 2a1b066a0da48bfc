#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

#include <sys/wait.h>

#include "support/catch.h"

namespace piaa::test {

/// Runs a program of tests/support by the system's Python and requires that it ends well. False where it ends
/// with 77, because something that it needs is not installed, which is said.
inline bool run_python(const std::string& program_and_arguments,
                       const char* missing = "Chromium, its driver or Selenium is not installed") {
    const int status =
        std::system((std::string(PIAA_PYTHON) + " " PIAA_TEST_SUPPORT "/" + program_and_arguments).c_str());
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        std::cout << "[skipped] " << missing << '\n';
        return false;
    }
    REQUIRE(WEXITSTATUS(status) == 0);
    return true;
}

}  // namespace piaa::test
