#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <numeric>
#include <optional>
#include <vector>

namespace piaa::cli {

/// Lets so many at once to work, and so many wait for it. First come, first served is left to the system.
class WorkGate {
public:
    WorkGate(std::size_t places, std::size_t waiting)
        : places_(places), most_waiting_(waiting), free_(places) {
        std::iota(free_.rbegin(), free_.rend(), std::size_t{0});
    }

    /// A place, held until it goes out of scope; converts to false when too many wait already.
    class Pass {
    public:
        explicit Pass(WorkGate& gate) : gate_(gate) {
            std::unique_lock lock(gate_.mutex_);
            if (gate_.free_.empty() && gate_.waiting_ >= gate_.most_waiting_) return;
            ++gate_.waiting_;
            gate_.changed_.wait(lock, [this] { return !gate_.free_.empty(); });
            --gate_.waiting_;
            place_ = gate_.free_.back();
            gate_.free_.pop_back();
        }
        ~Pass() {
            if (!place_) return;
            const std::lock_guard lock(gate_.mutex_);
            gate_.free_.push_back(*place_);
            gate_.changed_.notify_one();
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        explicit operator bool() const { return place_.has_value(); }
        /// 0 to places - 1, nobody else's meanwhile.
        std::size_t place() const { return place_.value(); }

    private:
        WorkGate& gate_;
        std::optional<std::size_t> place_;
    };

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return waiting_;
    }
    std::size_t busy() const {
        const std::lock_guard lock(mutex_);
        return places_ - free_.size();
    }

private:
    const std::size_t places_, most_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::size_t> free_;  // the last one given back is taken first, while its memory is warm
    std::size_t waiting_ = 0;
};

}  // namespace piaa::cli
