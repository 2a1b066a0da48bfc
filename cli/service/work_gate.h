#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace piaa::cli {

/// Lets so many at once to work, and so many wait for it. First come, first served is left to the system.
class WorkGate {
public:
    WorkGate(std::size_t places, std::size_t waiting) : places_(places), most_waiting_(waiting) {}

    /// A place, held until it goes out of scope; converts to false when too many wait already.
    class Pass {
    public:
        explicit Pass(WorkGate& gate) : gate_(gate) {
            std::unique_lock lock(gate_.mutex_);
            if (gate_.busy_ >= gate_.places_ && gate_.waiting_ >= gate_.most_waiting_) return;
            ++gate_.waiting_;
            gate_.free_.wait(lock, [this] { return gate_.busy_ < gate_.places_; });
            --gate_.waiting_;
            ++gate_.busy_;
            held_ = true;
        }
        ~Pass() {
            if (!held_) return;
            const std::lock_guard lock(gate_.mutex_);
            --gate_.busy_;
            gate_.free_.notify_one();
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        explicit operator bool() const { return held_; }

    private:
        WorkGate& gate_;
        bool held_ = false;
    };

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return waiting_;
    }
    std::size_t busy() const {
        const std::lock_guard lock(mutex_);
        return busy_;
    }

private:
    const std::size_t places_, most_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable free_;
    std::size_t busy_ = 0, waiting_ = 0;
};

}  // namespace piaa::cli
