// How long a user of the filter waits, without GIMP: from the start to the first map of a 24-megapixel photo,
// from a change of aspect to new crops, from a rating to the new map. GIMP adds the start of its own process.
// Usage: dialog_bench PHOTO [ROUNDS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>

#include "actions/dialog_state.h"
#include "photos/image_file.h"
#include "plugin/fake_host.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::plugin;

namespace {

using Clock = std::chrono::steady_clock;

/// A main loop with nothing else to do.
class Loop {
public:
    void post(std::function<void()> work) {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(work));
        }
        posted_.notify_all();
    }
    void run_until(const std::function<bool()>& done) {
        while (!done()) {
            std::function<void()> work;
            {
                std::unique_lock lock(mutex_);
                posted_.wait(lock, [this] { return !queue_.empty(); });
                work = std::move(queue_.front());
                queue_.pop_front();
            }
            work();
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable posted_;
    std::deque<std::function<void()>> queue_;
};

/// Milliseconds until the engine has answered and the preview is painted.
double wait_for(Loop& loop, DialogState& state, Clock::time_point start) {
    loop.run_until([&] { return state.ready() || state.failed(); });
    if (state.failed()) throw Error(ErrorCode::bad_data, state.status());
    state.preview(Viewport({600, 450}, state.photo_size()));
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print(const char* what, std::vector<double> times) {
    std::sort(times.begin(), times.end());
    std::printf("%-24s %7.0f ms in the median, %7.0f to %7.0f\n", what, times[times.size() / 2],
                times.front(), times.back());
}

}  // namespace

int main(int count, char** words) try {
    if (count < 2) throw Error(ErrorCode::bad_argument, "dialog_bench needs a photo");
    const int rounds = count > 2 ? std::atoi(words[2]) : 5;
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    test::FakeHost host(resized(cli::read_full_image(words[1]), {6000, 4000}));

    const char* formats[] = {"1:1", "4:5", "16:9", "3:2", "9:16"};
    std::vector<double> first, aspect, rating;
    for (int round = 0; round < rounds; ++round) {
        Loop loop;
        auto start = Clock::now();
        DialogState state(
            host, {}, [&](std::function<void()> work) { loop.post(std::move(work)); }, [] {});
        first.push_back(wait_for(loop, state, start));
        for (const char* format : formats) {
            Settings settings = state.settings();
            settings.format = format;
            start = Clock::now();
            state.change(settings);
            aspect.push_back(wait_for(loop, state, start));
        }
        for (int stars = 1; stars <= 5; ++stars) {
            start = Clock::now();
            state.rate(stars);
            rating.push_back(wait_for(loop, state, start));
        }
    }
    std::printf("first map, cold          %7.0f ms\n", first.front());
    print("first map", first);
    print("change of aspect", aspect);
    print("rating to new map", rating);
    return 0;
} catch (const Error& error) {
    std::fprintf(stderr, "dialog_bench: %s\n", error.what());
    return 1;
}
