#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

#include <piaa/error.h>

namespace piaa::cli {

/// Lets work through as long as all of it together fits a budget, so that several huge photos are decoded one
/// after the other and small ones side by side. Work larger than the budget waits until it is alone or, where
/// the budget is strict, is refused.
class MemoryGate {
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
        Pass(MemoryGate& gate, std::size_t bytes) : gate_(gate), bytes_(bytes) {
            std::unique_lock lock(gate_.mutex_);
            if (gate_.strict_ && bytes > gate_.budget_)
                throw Error(ErrorCode::bad_image, "needs about " + std::to_string(bytes / 1'000'000 + 1) +
                                                      " MB to decode and may take " +
                                                      std::to_string(gate_.budget_ / 1'000'000) +
                                                      " MB: the limit on memory does not allow more");
            gate_.changed_.wait(lock,
                                [&] { return gate_.taken_ == 0 || gate_.taken_ + bytes_ <= gate_.budget_; });
            gate_.taken_ += bytes_;
        }
        ~Pass() {
            const std::lock_guard lock(gate_.mutex_);
            gate_.taken_ -= bytes_;
            gate_.changed_.notify_all();
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

    private:
        MemoryGate& gate_;
        std::size_t bytes_;
    };

private:
    std::size_t budget_;
    std::size_t taken_ = 0;
    bool strict_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace piaa::cli
