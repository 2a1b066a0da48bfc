#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace piaa::cli {

/// Runs work that may never end, such as a decoder on a hostile file or a read from a dead network drive, on
/// a thread of its own, and gives up on it after a while. Nothing can end a thread from outside, so work that
/// was given up goes on until it ends by itself or the process does: it has to own all that it uses.
class TimeLimit {
public:
    explicit TimeLimit(std::chrono::milliseconds limit) : limit_(limit) {}
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;

    /// Does the work and returns its answer; what it throws comes back. Throws Error(io) after the limit:
    /// NAME ": takes longer than 300 s and is given up". Time in which the whole process is stopped does not
    /// count.
    template <typename Work>
    auto run(const std::string& name, Work work) {
        const auto answer = std::make_shared<std::optional<decltype(work())>>();
        run_to_end(name, [answer, work = std::move(work)] { answer->emplace(work()); });
        return std::move(**answer);
    }

private:
    struct Helper;
    void run_to_end(const std::string& name, std::function<void()> work);

    std::chrono::milliseconds limit_;
    std::shared_ptr<Helper> helper_;
    std::thread thread_;
};

/// How work under a limit stands, seen from within.
struct LimitedWork {
    std::atomic<bool> waits = false;     ///< for other work, so that its time does not count
    std::atomic<bool> given_up = false;  ///< nobody wants its answer any more
};

/// That of the calling thread; nullptr where no limit holds.
std::shared_ptr<LimitedWork> this_work();

/// Whether work that was given up is still at it, so that the process must end without clearing up.
bool abandoned_work_goes_on();

}  // namespace piaa::cli
