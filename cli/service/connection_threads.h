#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>

namespace piaa::cli {

/// A thread for each connection that is open at the same time; others wait for one. The thread that went idle
/// last takes the next connection: every thread keeps a stack and freed memory of its own, so threads that
/// took turns, as in httplib::ThreadPool, would all fill up in time.
class ConnectionThreads : public httplib::TaskQueue {
    // Nothing or, in later versions of the library, whether the connection is taken.
    using Taken = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

public:
    explicit ConnectionThreads(std::size_t most) : most_(most) {}

    Taken enqueue(std::function<void()> connection) override;
    /// Returns when all connections have been served.
    void shutdown() override;

private:
    struct Idle {
        std::condition_variable called;
        bool wanted = false;
    };

    void serve();
    void call_last_idle();

    const std::size_t most_;
    std::mutex mutex_;
    std::deque<std::function<void()>> waiting_;
    std::vector<Idle*> idle_;
    std::vector<std::thread> threads_;
    bool ended_ = false;
};

}  // namespace piaa::cli
