#include "console/make_folder.h"

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

namespace fs = boost::filesystem;

namespace piaa::cli {

void make_folder(const fs::path& folder) {
    boost::system::error_code problem;
    if (fs::is_directory(folder, problem)) return;  // Boost 1.74 fails to make "." and ".."
    fs::create_directories(folder, problem);
    if (problem) throw Error(ErrorCode::io, folder.string() + ": cannot be made: " + problem.message());
}

}  // namespace piaa::cli
