#pragma once

#include <cstdlib>
#include <string>

#include <boost/filesystem.hpp>

namespace piaa::test {

/// A folder on another file system, in memory; empty where there is none.
struct OtherDevice {
    boost::filesystem::path folder;
    OtherDevice() {
        std::string name = "/dev/shm/piaa-test-XXXXXX";
        if (::mkdtemp(name.data())) folder = name;
    }
    ~OtherDevice() {
        boost::system::error_code ignored;
        if (!folder.empty()) boost::filesystem::remove_all(folder, ignored);
    }
};

}  // namespace piaa::test
