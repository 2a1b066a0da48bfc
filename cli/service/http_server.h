#pragma once

#include <functional>
#include <iosfwd>

#include "service/service_options.h"

namespace piaa::cli {

/// Serves until `stop` says so, asked several times a second. Tells on err where it listens and when it is
/// ready. Returns an ExitCode: cannot_start
/// where the address is taken or the model cannot be had. Throws Error(bad_argument) for an open address
/// without a token.
int serve_http(const ServiceOptions& options, std::ostream& out, std::ostream& err,
               const std::function<bool()>& stop);

}  // namespace piaa::cli
