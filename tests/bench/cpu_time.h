#pragma once

#include <ctime>

namespace piaa {

/// CPU time that this process has taken, by all of its threads.
inline double cpu_milliseconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

}  // namespace piaa
