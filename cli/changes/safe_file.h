#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// Copies a file under a name that is free, with its times and permissions. The copy appears under its name
/// only when what can be read back from it has this SHA-256. Throws Error(io) and then leaves no copy: when
/// `to` exists, the disk is full, or the file changed on the way.
void copy_file(const boost::filesystem::path& from, const boost::filesystem::path& to,
               const std::string& sha256);

/// Renames a file to a name that is free; onto another file system it is copied as by copy_file() and then
/// taken away. Throws Error(io), and then `from` is where it was.
void move_file(const boost::filesystem::path& from, const boost::filesystem::path& to);

/// Makes a symbolic link. Throws Error(io) when `link` exists.
void link_file(const boost::filesystem::path& target, const boost::filesystem::path& link);

/// Throws Error(io).
void remove_file(const boost::filesystem::path& file);

}  // namespace piaa::cli
