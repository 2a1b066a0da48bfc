#pragma once

#include <string>

#include <boost/filesystem/path.hpp>
#include <sys/types.h>

#include <piaa/export.h>

namespace piaa {

/// Where bytes with this SHA-256 lie while they are being written and are not yet the file: beside it, under
/// a name that follows from both. So whoever knows what was about to be written knows what a program that was
/// killed left.
PIAA_API boost::filesystem::path unfinished_file(const boost::filesystem::path& file,
                                                 const std::string& sha256);

/// Whether a file's name is of this kind.
PIAA_API bool is_unfinished_name(const std::string& name);

/// Whether a regular file is there that surely no process is writing; false where the place knows no locks.
PIAA_API bool is_abandoned(const boost::filesystem::path& unfinished);

/// Takes away what a program that was killed left there, unless a process has it locked. Returns whether it
/// did.
PIAA_API bool clear_unfinished(const boost::filesystem::path& unfinished);

/// Makes the file and opens it to be written, as open(2) answers; what was left there goes. Where another
/// process is writing it, or the name is too long for the place, `unfinished` becomes another name of this
/// kind.
PIAA_API int make_unfinished(boost::filesystem::path& unfinished, mode_t mode);

}  // namespace piaa
