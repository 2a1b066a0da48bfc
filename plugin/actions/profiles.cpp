#include "actions/profiles.h"

#include <algorithm>
#include <cstdlib>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>

namespace piaa::plugin {
namespace fs = boost::filesystem;

namespace {

/// What the variable says, or that folder in the user's home.
fs::path user_folder(const char* variable, const fs::path& in_home) {
    const char* folder = std::getenv(variable);
    if (folder != nullptr && *folder == '/') return folder;
    const char* home = std::getenv("HOME");
    return fs::path(home != nullptr ? home : "/") / in_home;
}

}  // namespace

fs::path profile_folder() {
    return user_folder("XDG_DATA_HOME", ".local/share") / "piaa";
}

fs::path settings_file() {
    return user_folder("XDG_CONFIG_HOME", ".config") / "piaa" / "aesthetic-crop.json";
}

fs::path saved_settings_file() {
    return settings_file().parent_path() / "aesthetic-crop-saved.json";
}

fs::path own_profile() {
    return profile_folder() / "me.pt";
}

Listener listener_of(const fs::path& profile) {
    return profile == own_profile() ? Listener::the_person : Listener::anybody;
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
