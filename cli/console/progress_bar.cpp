#include "console/progress_bar.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

namespace piaa::cli {

std::string progress_text(std::size_t done, std::size_t total, double seconds) {
    constexpr std::size_t width = 24;
    std::string text;
    if (total > 0) {
        const std::size_t filled = std::min(width, done * width / total);
        text.append("[").append(filled, '=').append(width - filled, ' ').append("] ");
    }
    text += std::to_string(done);
    if (total > 0) text.append("/").append(std::to_string(total));
    if (seconds <= 0 || done == 0) return text;
    const double rate = static_cast<double>(done) / seconds;
    text += fmt::format("  {:.1f}/s", rate);
    if (done < total) {
        const auto left = static_cast<long>(static_cast<double>(total - done) / rate + 0.5);
        text += left < 3600 ? fmt::format("  {}:{:02} left", left / 60, left % 60)
                            : fmt::format("  {}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60);
    }
    return text;
}

ProgressBar::ProgressBar(std::ostream& out, bool shown, std::size_t total)
    : out_(out), shown_(shown), total_(total) {}

void ProgressBar::step() {
    ++done_;
    if (!shown_) return;
    const auto now = Clock::now();
    if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    drawn_ = true;
    out_ << "\r\x1b[K" << progress_text(done_, total_, std::chrono::duration<double>(now - start_).count())
         << std::flush;
}

void ProgressBar::clear() {
    if (drawn_) out_ << "\r\x1b[K" << std::flush;
    drawn_ = false;
}

}  // namespace piaa::cli
