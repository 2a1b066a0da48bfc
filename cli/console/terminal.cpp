#include "console/terminal.h"

#include <initializer_list>

#include <sys/ioctl.h>
#include <unistd.h>

namespace piaa::cli {

Terminal find_terminal() {
    Terminal terminal{.output = ::isatty(STDOUT_FILENO) == 1, .messages = ::isatty(STDERR_FILENO) == 1};
    winsize size{};
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO})
        if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
            terminal.columns = size.ws_col;
            break;
        }
    return terminal;
}

}  // namespace piaa::cli
