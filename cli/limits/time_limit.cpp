#include "limits/time_limit.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>

#include <piaa/error.h>

using namespace std::chrono_literals;

namespace piaa::cli {
namespace {

std::atomic<int> abandoned = 0;
thread_local std::shared_ptr<LimitedWork> work_here;

/// Longer waits are made of steps, each of which counts as its length however long it took: while a process
/// is stopped (Ctrl-Z) the clock goes on.
constexpr std::chrono::milliseconds step = 1s;

}  // namespace

/// A thread that does one piece of work after the other. It shares this with its user, so whoever lives
/// longer keeps it.
struct TimeLimit::Helper {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> work;  // what to do next
    bool done = false;
    bool unwanted = false;  // no more work will come
    std::exception_ptr problem;
    std::shared_ptr<LimitedWork> state = std::make_shared<LimitedWork>();

    void serve() {
        work_here = state;
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [&] { return work || unwanted; });
            if (!work) return;
            auto now = std::exchange(work, nullptr);
            lock.unlock();
            std::exception_ptr thrown;
            try {
                now();
            } catch (...) {
                thrown = std::current_exception();
            }
            now = nullptr;
            lock.lock();
            problem = std::move(thrown);
            done = true;
            if (state->given_up) --abandoned;
            changed.notify_all();
        }
    }
};

TimeLimit::~TimeLimit() {
    if (!helper_) return;
    {
        const std::lock_guard lock(helper_->mutex);
        helper_->unwanted = true;
        helper_->changed.notify_all();
    }
    thread_.join();
}

void TimeLimit::run_to_end(const std::string& name, std::function<void()> work) {
    if (!helper_) {
        helper_ = std::make_shared<Helper>();
        thread_ = std::thread([helper = helper_] { helper->serve(); });
    }
    std::unique_lock lock(helper_->mutex);
    helper_->work = std::move(work);
    helper_->done = false;
    helper_->changed.notify_all();
    for (auto left = limit_; !helper_->done;) {
        const auto now = std::min(left, step);
        if (helper_->changed.wait_for(lock, now, [&] { return helper_->done; })) break;
        if (!helper_->state->waits) left -= now;
        if (left > 0ms) continue;
        helper_->state->given_up = true;
        helper_->unwanted = true;
        ++abandoned;
        lock.unlock();
        thread_.detach();
        helper_.reset();
        throw Error(ErrorCode::io, name + ": takes longer than " + std::to_string((limit_ + 999ms) / 1s) +
                                       " s and is given up");
    }
    if (const auto problem = std::exchange(helper_->problem, nullptr)) std::rethrow_exception(problem);
}

std::shared_ptr<LimitedWork> this_work() {
    return work_here;
}

bool abandoned_work_goes_on() {
    return abandoned > 0;
}

}  // namespace piaa::cli
