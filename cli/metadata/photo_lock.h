#pragma once

#include <memory>

#include <boost/filesystem/path.hpp>

#include <piaa/descriptor.h>

namespace piaa::cli {

/// While it lives, no other run of ours changes the photo or its sidecars: what is read of them is still true
/// when it is written. The lock is on a picture file of the photo, the same for all of them, so it leaves
/// nothing behind. A thread that has one must not take another of the same photo.
///
/// Where the place knows no locks (NFS lets nobody lock a file that is open for reading) there is none.
/// Throws Error(io) when somebody else keeps the file locked.
class PhotoLock {
public:
    explicit PhotoLock(const boost::filesystem::path& photo);

private:
    std::unique_ptr<Descriptor> file_;
};

}  // namespace piaa::cli
