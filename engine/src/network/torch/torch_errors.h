#pragma once

#include <string>
#include <utility>

#include <c10/util/Exception.h>

#include <piaa/error.h>

namespace piaa {

/// Does the work; what LibTorch throws on the way becomes Error(device) with its first line as the reason.
template <typename Work>
auto translating_errors(const std::string& device, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const c10::Error& error) {
        const std::string reason = error.what_without_backtrace();
        throw Error(ErrorCode::device, device + ": " + reason.substr(0, reason.find('\n')));
    }
}

}  // namespace piaa
