#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "actions/dialog_state.h"
#include "fake_host.h"
#include "support/pictures.h"

namespace piaa::test {

inline const plugin::Viewport whole_photo({600, 450}, {240, 160});

inline Image bright_disc() {
    return disc({240, 160}, 0.7, 0.4, 0.15, {40, 50, 60}, {240, 230, 220});
}

/// A main loop, and the dialog's state in it.
class Window {
public:
    explicit Window(FakeHost& host, const plugin::Settings& settings = {})
        : state(
              host, settings, [this](std::function<void()> work) { post(std::move(work)); },
              [this] { ++shown; }) {}

    /// Works until the engine has answered, or for ten seconds.
    bool settle() {
        return settle([this] { return state.ready() || state.failed(); });
    }
    /// The same until something else is so.
    template <typename Condition>
    bool settle(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (std::chrono::steady_clock::now() < end) {
            step();
            if (condition()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }

    void step() {
        std::function<void()> work;
        {
            const std::lock_guard lock(mutex_);
            if (queue_.empty()) return;
            work = std::move(queue_.front());
            queue_.pop_front();
        }
        work();
    }

private:
    void post(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(work));
    }
    std::mutex mutex_;
    std::deque<std::function<void()>> queue_;

public:
    int shown = 0;
    plugin::DialogState state;
};

}  // namespace piaa::test
