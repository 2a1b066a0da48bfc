#include "support/child_process.h"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace piaa::test {
namespace {

void close_once(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::map<std::string, std::string>& environment) {
    std::signal(SIGPIPE, SIG_IGN);
    int in[2], out[2], err[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes left");
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::dup2(err[1], 2);
        ::setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1);
        for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
        ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    ::close(err[1]);
    input_ = in[1];
    output_ = out[0];
    errors_ = err[0];
}

ChildProcess::~ChildProcess() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (int* descriptor : {&input_, &output_, &errors_}) close_once(*descriptor);
}

void ChildProcess::write(const std::string& text) {
    if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("the program does not read its input");
}

void ChildProcess::close_input() {
    close_once(input_);
}

void ChildProcess::close_output() {
    close_once(output_);
}

std::string ChildProcess::read_line() {
    std::string line;
    char letter;
    while (::read(output_, &letter, 1) == 1 && letter != '\n') line += letter;
    return line;
}

void ChildProcess::send(int signal) {
    ::kill(pid_, signal);
}

ChildProcess::Ending ChildProcess::wait() {
    close_input();
    Ending ending;
    while (output_ >= 0 || errors_ >= 0) {
        pollfd waiting[] = {{output_, POLLIN, 0}, {errors_, POLLIN, 0}};
        ::poll(waiting, 2, -1);
        char bytes[4096];
        const auto drain = [&](int& descriptor, short events, std::string& text) {
            if (descriptor < 0 || events == 0) return;
            const ssize_t count = ::read(descriptor, bytes, sizeof bytes);
            if (count > 0)
                text.append(bytes, static_cast<std::size_t>(count));
            else
                close_once(descriptor);
        };
        drain(output_, waiting[0].revents, ending.output);
        drain(errors_, waiting[1].revents, ending.errors);
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    ending.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ending;
}

}  // namespace piaa::test
