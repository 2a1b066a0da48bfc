#include "service/connection_threads.h"

#include <system_error>

namespace piaa::cli {

ConnectionThreads::Taken ConnectionThreads::enqueue(std::function<void()> connection) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(connection));
    if (!idle_.empty()) {
        call_last_idle();
    } else if (threads_.size() < most_) {
        try {
            threads_.emplace_back([this] { serve(); });
        } catch (const std::system_error&) {
            // The system allows no more threads: one of those that there are comes to it.
        }
    }
    return Taken(true);
}

void ConnectionThreads::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        while (!idle_.empty()) call_last_idle();
    }
    for (std::thread& thread : threads_) thread.join();
}

/// Holding the mutex.
void ConnectionThreads::call_last_idle() {
    idle_.back()->wanted = true;
    idle_.back()->called.notify_one();
    idle_.pop_back();
}

void ConnectionThreads::serve() {
    Idle idle;
    std::unique_lock lock(mutex_);
    while (true) {
        if (!waiting_.empty()) {
            const auto connection = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            connection();
            lock.lock();
        } else if (ended_) {
            return;
        } else {
            idle.wanted = false;
            idle_.push_back(&idle);
            idle.called.wait(lock, [&] { return idle.wanted; });
        }
    }
}

}  // namespace piaa::cli
