#pragma once

#include <boost/filesystem.hpp>

namespace piaa::test {

/// A new empty folder that is gone again at the end of the test.
class TemporaryFolder {
public:
    TemporaryFolder()
        : path_(boost::filesystem::temp_directory_path() /
                boost::filesystem::unique_path("piaa-test-%%%%%%%%")) {
        boost::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        boost::system::error_code ignored;
        boost::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const boost::filesystem::path& path() const { return path_; }
    boost::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    boost::filesystem::path path_;
};

}  // namespace piaa::test
