#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Copies a file under a name that is free, with its times, permissions, owner and extended attributes, as
/// far as the place has such things. The copy appears under its name only when what can be read back from it
/// has this SHA-256. Throws Error(io) and then leaves no copy: when `to` exists, the disk is full, or the
/// file changed on the way. Returns the names of attributes that could not be given.
std::vector<std::string> copy_file(const boost::filesystem::path& from, const boost::filesystem::path& to,
                                   const std::string& sha256);

/// Renames a file to a name that is free; onto another file system it is copied as by copy_file() and then
/// taken away. Throws Error(io), and then `from` is where it was and nowhere else. Returns what copy_file()
/// does.
std::vector<std::string> move_file(const boost::filesystem::path& from, const boost::filesystem::path& to);

/// Makes a symbolic link. Throws Error(io) when `link` exists.
void link_file(const boost::filesystem::path& target, const boost::filesystem::path& link);

/// The same with the owner and the time of another link, as far as the place keeps them.
void link_like(const boost::filesystem::path& target, const boost::filesystem::path& link,
               const boost::filesystem::path& like);

/// Lets a symbolic link lead elsewhere; at every moment it leads to the one or the other, and it keeps its
/// owner and time. Throws Error(io).
void relink_file(const boost::filesystem::path& target, const boost::filesystem::path& link);

/// Takes away what relink_file() leaves when the program is killed.
void clear_unfinished_link(const boost::filesystem::path& link, const boost::filesystem::path& target);

/// What a symbolic link says; nothing for anything else.
std::optional<boost::filesystem::path> link_text(const boost::filesystem::path& file);

/// Throws Error(io).
void remove_file(const boost::filesystem::path& file);

}  // namespace piaa::cli
