#pragma once

#include <piaa/error.h>

namespace piaa::cli {

/// What piaa-batch tells the shell.
enum ExitCode { done = 0, some_files_failed = 1, bad_usage = 2, cannot_start = 3 };

/// For an error that ended a run: without a network nothing could start, anything else left work undone.
inline ExitCode exit_code_for(const Error& error) {
    if (error.code() == ErrorCode::bad_argument) return bad_usage;
    const bool no_network = error.code() == ErrorCode::bad_model || error.code() == ErrorCode::device;
    return no_network ? cannot_start : some_files_failed;
}

/// For an error before there was any work: it was asked for in a wrong way, or nothing could start.
inline ExitCode exit_code_at_start(const Error& error) {
    return error.code() == ErrorCode::bad_argument ? bad_usage : cannot_start;
}

}  // namespace piaa::cli
