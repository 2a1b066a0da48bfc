#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include <piaa/error.h>

#include "limits/time_limit.h"

namespace piaa::cli {

/// Lets work through as long as all of it together fits a budget, so that several huge photos are decoded one
/// after the other and small ones side by side. Work larger than the budget waits until it is alone or, where
/// the budget is strict, is refused.
class MemoryGate {
    struct Share {
        std::size_t bytes;
        std::shared_ptr<LimitedWork> work;  // nullptr for work without a limit of time
    };

public:
    explicit MemoryGate(std::size_t budget) : budget_(budget) {}

    void set_budget(std::size_t budget, bool strict) {
        const std::lock_guard lock(mutex_);
        budget_ = budget;
        strict_ = strict;
        changed_.notify_all();
    }

    /// The bytes are given back when the pass goes out of scope.
    class Pass {
    public:
        /// Throws Error(bad_image) when a strict budget is less than that.
        Pass(MemoryGate& gate, std::size_t bytes) : gate_(gate) {
            const auto work = this_work();
            std::unique_lock lock(gate_.mutex_);
            if (gate_.strict_ && bytes > gate_.budget_)
                throw Error(ErrorCode::bad_image, "needs about " + std::to_string(bytes / 1'000'000 + 1) +
                                                      " MB to decode and may take " +
                                                      std::to_string(gate_.budget_ / 1'000'000) +
                                                      " MB: the limit on memory does not allow more");
            if (work) work->waits = true;
            // Giving up on work does not wake anybody, hence the look now and then.
            while (!gate_.has_room(bytes)) gate_.changed_.wait_for(lock, std::chrono::seconds(1));
            if (work) work->waits = false;
            share_ = gate_.shares_.insert(gate_.shares_.end(), {bytes, work});
        }
        ~Pass() {
            const std::lock_guard lock(gate_.mutex_);
            gate_.shares_.erase(share_);
            gate_.changed_.notify_all();
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

    private:
        MemoryGate& gate_;
        std::list<Share>::iterator share_;
    };

private:
    /// What a decoder that hangs has taken is lost; nobody should wait for it.
    bool has_room(std::size_t bytes) const {
        std::size_t taken = 0;
        for (const auto& share : shares_)
            if (!share.work || !share.work->given_up) taken += share.bytes;
        return taken == 0 || taken + bytes <= budget_;
    }

    std::size_t budget_;
    bool strict_ = false;
    std::list<Share> shares_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace piaa::cli
