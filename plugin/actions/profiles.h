#pragma once

#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/reasons.h>

namespace piaa::plugin {

/// Where profiles are looked for: $XDG_DATA_HOME/piaa, or ~/.local/share/piaa.
boost::filesystem::path profile_folder();

/// The profile that a first rating makes: me.pt there.
boost::filesystem::path own_profile();

/// Whether what a profile says is said to the user themselves: only of that one it is known whose it is.
Listener listener_of(const boost::filesystem::path& profile);

/// The dialog's last settings: $XDG_CONFIG_HOME/piaa/aesthetic-crop.json, or below ~/.config.
boost::filesystem::path settings_file();
/// Those that somebody saved in the dialog: aesthetic-crop-saved.json there.
boost::filesystem::path saved_settings_file();

/// All files there whose names end in .pt, by name.
std::vector<boost::filesystem::path> known_profiles();

}  // namespace piaa::plugin
