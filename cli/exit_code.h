#pragma once

namespace piaa::cli {

/// What piaa-batch tells the shell.
enum ExitCode { done = 0, some_files_failed = 1, bad_usage = 2, cannot_start = 3 };

}  // namespace piaa::cli
