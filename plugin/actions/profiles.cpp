#include "actions/profiles.h"

#include <algorithm>
#include <cstdlib>

#include <boost/filesystem/operations.hpp>

namespace piaa::plugin {
namespace fs = boost::filesystem;

fs::path profile_folder() {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && *data == '/') return fs::path(data) / "piaa";
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/") / ".local" / "share" / "piaa";
}

fs::path own_profile() {
    return profile_folder() / "me.pt";
}

std::vector<fs::path> known_profiles() {
    std::vector<fs::path> found;
    boost::system::error_code problem;
    for (fs::directory_iterator entry(profile_folder(), problem), end; !problem && entry != end;
         entry.increment(problem))
        if (entry->path().extension() == ".pt") found.push_back(entry->path());
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace piaa::plugin
