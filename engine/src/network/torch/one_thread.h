#pragma once

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

namespace caffe2 {
// In libtorch_cpu, but Debian's headers leave it out: while enabled, XNNPACK stays on the calling thread.
struct _NoPThreadPoolGuard {
    static bool is_enabled();
    static void set_enabled(bool enabled);
};
}  // namespace caffe2

namespace piaa {

/// Everything in here runs on the calling thread and records no gradients.
class OneThread {
public:
    OneThread() : before_(caffe2::_NoPThreadPoolGuard::is_enabled()) {
        at::init_num_threads();
        caffe2::_NoPThreadPoolGuard::set_enabled(true);
    }
    ~OneThread() { caffe2::_NoPThreadPoolGuard::set_enabled(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    bool before_;
    c10::InferenceMode inference_;
};

}  // namespace piaa
