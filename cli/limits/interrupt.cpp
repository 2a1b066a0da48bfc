#include "limits/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace piaa::cli {
namespace {

int guards = 0;
volatile std::sig_atomic_t asked = 0;
int pipe_ends[2] = {-1, -1};
constexpr std::array signals = {SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, signals.size()> before;

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
    for (std::size_t i = 0; i < signals.size(); ++i) {
        ::sigaction(signals[i], &action, &before[i]);
        // Who started us may have chosen that it is for others (nohup, a shell's background job).
        if (before[i].sa_handler == SIG_IGN) ::signal(signals[i], SIG_IGN);
    }
}

InterruptGuard::~InterruptGuard() {
    if (--guards > 0) return;
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before[i], nullptr);
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
