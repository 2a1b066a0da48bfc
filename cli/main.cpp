#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/filesystem/exception.hpp>
#include <boost/filesystem/path.hpp>
#include <malloc.h>

#include <piaa/error.h>

#include "commands/all_commands.h"
#include "console/exit_code.h"
#include "console/say.h"
#include "limits/time_limit.h"

using namespace piaa::cli;

namespace {

/// Names the file at fault, as our own errors do.
std::string sentence_of(const std::exception& error) {
    if (dynamic_cast<const std::bad_alloc*>(&error)) return "memory is used up; --jobs 1 takes less";
    const auto* const of_file = dynamic_cast<const boost::filesystem::filesystem_error*>(&error);
    if (!of_file) return error.what();
    const std::string file = of_file->path1().empty() ? "the current folder" : of_file->path1().string();
    return file + ": cannot be used: " + of_file->code().message();
}

}  // namespace

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
    } catch (const std::exception& error) {
        // What no command foresaw, as a call of the system that failed where none was expected to.
        say(std::cerr, sentence_of(error));
        const auto* const ours = dynamic_cast<const piaa::Error*>(&error);
        exit_code = ours ? exit_code_for(*ours) : some_files_failed;
    }
    std::cout.flush();
    if (abandoned_work_goes_on()) {  // what a decoder that hangs still uses must not be cleared away
        std::cerr.flush();
        std::_Exit(exit_code);
    }
    return exit_code;
}
