#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

namespace piaa::cli {

/// The bar's text: "[====>     ] 40/100  12.5/s  0:05 left". total 0: not known, so no bar and no time left.
std::string progress_text(std::size_t done, std::size_t total, double seconds);

/// A line on the terminal that grows with the work; writes nothing when not shown.
class ProgressBar {
public:
    ProgressBar(std::ostream& out, bool shown, std::size_t total);
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// One more done. Draws at most ten times a second.
    void step();
    /// Makes room for other lines; the next step draws again.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    std::ostream& out_;
    bool shown_;
    std::size_t total_;
    std::size_t done_ = 0;
    bool drawn_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_{};
};

}  // namespace piaa::cli
