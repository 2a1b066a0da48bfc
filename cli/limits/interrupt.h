#pragma once

namespace piaa::cli {

/// While it lives, the first Ctrl-C (SIGINT), SIGTERM or closed terminal (SIGHUP) asks for an orderly end,
/// and a second one ends the program at once. Of several the first counts.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// Whether an orderly end was asked for.
    static bool interrupted();
    /// A descriptor that becomes readable then, for poll().
    static int descriptor();
};

}  // namespace piaa::cli
