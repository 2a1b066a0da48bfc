#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "service/teaching.h"

namespace piaa::cli {

/// A small copy of a photo, as JPEG.
using PhotoCopy = std::function<std::string(std::size_t photo)>;

/// Shows the page of `piaa-batch teach` on the loopback until `stop` says so; writes its address to out.
/// Whoever does not know the address, which holds a secret, gets nothing: a page of somebody else's in the
/// same browser could ask otherwise. port: 0 for any free one. Throws Error(io) when it cannot listen.
void serve_teaching(Teaching& teaching, const PhotoCopy& copy, int port, std::ostream& out,
                    const std::function<bool()>& stop);

}  // namespace piaa::cli
