#include "limits/interrupt.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace piaa::cli {
namespace {

int guards = 0;
volatile std::sig_atomic_t asked = 0;
int pipe_ends[2] = {-1, -1};
struct sigaction before_interrupt, before_terminate;

void on_signal(int) {
    const int saved = errno;
    asked = 1;
    [[maybe_unused]] const auto written = ::write(pipe_ends[1], "", 1);
    errno = saved;
}

}  // namespace

InterruptGuard::InterruptGuard() {
    if (guards++ > 0) return;
    asked = 0;
    if (::pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) pipe_ends[0] = pipe_ends[1] = -1;
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESETHAND | SA_RESTART;  // the second signal finds the system's own answer: the end
    ::sigaction(SIGINT, &action, &before_interrupt);
    ::sigaction(SIGTERM, &action, &before_terminate);
    // Who started us may have chosen that Ctrl-C is for others (nohup, a shell's background job).
    if (before_interrupt.sa_handler == SIG_IGN) ::signal(SIGINT, SIG_IGN);
}

InterruptGuard::~InterruptGuard() {
    if (--guards > 0) return;
    ::sigaction(SIGINT, &before_interrupt, nullptr);
    ::sigaction(SIGTERM, &before_terminate, nullptr);
    for (int& end : pipe_ends) {
        if (end >= 0) ::close(end);
        end = -1;
    }
}

bool InterruptGuard::interrupted() {
    return asked != 0;
}

int InterruptGuard::descriptor() {
    return pipe_ends[0];
}

}  // namespace piaa::cli
