#pragma once

namespace piaa::cli {

/// Which of the standard streams people look at; nothing of it in tests and pipes.
struct Terminal {
    bool output = false;    ///< standard output is a terminal
    bool messages = false;  ///< standard error is a terminal
    int columns = 80;
};

/// Asks the system.
Terminal find_terminal();

}  // namespace piaa::cli
