#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <malloc.h>

#include "commands/all_commands.h"
#include "console/exit_code.h"
#include "limits/time_limit.h"

using namespace piaa::cli;

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves shows as a failed write
    std::signal(SIGXFSZ, SIG_IGN);  // and so does a limit on the size of files
    // Every photo takes and gives back a few megabytes; the system should not zero them anew each time.
    ::mallopt(M_MMAP_THRESHOLD, 64 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
    // What one thread gave back another takes again: by itself each thread would keep a heap of its own,
    // which takes up to half as much memory again and is no faster.
    ::mallopt(M_ARENA_MAX, static_cast<int>(1 + std::thread::hardware_concurrency() / 8));
    std::ios::sync_with_stdio(false);
    CLI::App app{"Scores, learns and crops photos to one person's taste", "piaa-batch"};
    int exit_code = done;
    add_all_commands(app, std::cout, std::cerr, exit_code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? done : bad_usage;
    }
    std::cout.flush();
    if (abandoned_work_goes_on()) {  // what a decoder that hangs still uses must not be cleared away
        std::cerr.flush();
        std::_Exit(exit_code);
    }
    return exit_code;
}
