#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace piaa::cli {

/// Lets work through as long as all of it together fits a budget, so that several huge photos are decoded one
/// after the other and small ones side by side. Work larger than the budget waits until it is alone.
class MemoryGate {
public:
    explicit MemoryGate(std::size_t budget) : budget_(budget), free_(budget) {}

    /// The bytes are given back when the pass goes out of scope.
    class Pass {
    public:
        Pass(MemoryGate& gate, std::size_t bytes) : gate_(gate), bytes_(std::min(bytes, gate.budget_)) {
            std::unique_lock lock(gate_.mutex_);
            gate_.changed_.wait(lock, [&] { return gate_.free_ >= bytes_; });
            gate_.free_ -= bytes_;
        }
        ~Pass() {
            const std::lock_guard lock(gate_.mutex_);
            gate_.free_ += bytes_;
            gate_.changed_.notify_all();
        }
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;

    private:
        MemoryGate& gate_;
        std::size_t bytes_;
    };

private:
    const std::size_t budget_;
    std::size_t free_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace piaa::cli
