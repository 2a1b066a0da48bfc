#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "support/temporary_folder.h"

namespace piaa::test {

/// A program that runs beside the test, with pipes to its three streams.
class ChildProcess {
public:
    /// arguments: the program's path first. environment: added to the test's own. Unless that says otherwise,
    /// the program has a cache folder to itself.
    explicit ChildProcess(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {});
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    void write(const std::string& text);
    void close_input();
    void close_output();
    /// The next line of its standard output, without the line end; empty at the end.
    std::string read_line();
    void send(int signal);

    struct Ending {
        int exit_code = -1;  ///< or 128 + the signal that ended it
        std::string output;  ///< what was not read before
        std::string errors;
    };
    /// Closes its input, reads the rest and waits.
    Ending wait();

private:
    TemporaryFolder cache_;
    pid_t pid_ = -1;
    int input_ = -1, output_ = -1, errors_ = -1;
};

}  // namespace piaa::test
