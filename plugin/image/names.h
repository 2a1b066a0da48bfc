#pragma once

#include <string>

#include <glib.h>

namespace piaa::plugin {

/// "beach" of "beach.jpg"; without the brackets of GIMP's "[Untitled]".
inline std::string without_ending(const std::string& name) {
    if (name.starts_with('[') && name.ends_with(']')) return name.substr(1, name.size() - 2);
    return name.substr(0, name.rfind('.'));
}

/// The path of a file of that name beside the photo's; in the user's folder for pictures where the photo has
/// no local file (null).
inline std::string beside(const gchar* photo, const std::string& name) {
    gchar* folder = nullptr;
    if (photo != nullptr)
        folder = g_path_get_dirname(photo);
    else if (const gchar* pictures = g_get_user_special_dir(G_USER_DIRECTORY_PICTURES))
        folder = g_strdup(pictures);
    else
        folder = g_strdup(g_get_home_dir());
    gchar* path = g_build_filename(folder, name.c_str(), nullptr);
    const std::string file = path;
    g_free(folder);
    g_free(path);
    return file;
}

}  // namespace piaa::plugin
