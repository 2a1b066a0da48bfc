// What the dialog's state does for a window that teaches the person's taste.

#include <utility>

#include <boost/filesystem/operations.hpp>

#include "actions/dialog_state.h"
#include "actions/profiles.h"

namespace piaa::plugin {
namespace fs = boost::filesystem;

void DialogState::ask_engine(std::function<std::function<void()>(Session&)> work) {
    {
        const std::lock_guard lock(mutex_);
        request_.work.push_back(std::move(work));
        requested_ = true;
    }
    asked_.notify_all();
}

fs::path DialogState::taught_profile() const {
    return settings_.profile.empty() ? own_profile() : settings_.profile;
}

void DialogState::choose_own_profile() {
    boost::system::error_code ignored;
    if (has_profile() || !fs::exists(own_profile(), ignored)) return;
    Settings wanted = settings_;
    wanted.profile = own_profile();
    wanted.map = HeatmapKind::personal;
    change(wanted);
}

void DialogState::was_taught(const fs::path& profile) {
    if (settings_.profile.empty()) settings_.map = HeatmapKind::personal;
    settings_.profile = profile;
    settings_.chosen = 1;
    enqueue([&](Request& request) { request.settings = settings_; });
    waiting_ = true;
    changed_();
}

}  // namespace piaa::plugin
