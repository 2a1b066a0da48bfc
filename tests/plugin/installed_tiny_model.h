#pragma once

#include <cstdlib>

#include <boost/filesystem.hpp>

#include <piaa/prior.h>
#include <piaa/profile.h>

#include "support/dark_taste.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

namespace piaa::test {

/// For one test, the tiny model and a prior are what is installed, and profiles live in a folder of their
/// own.
class InstalledTinyModel {
public:
    InstalledTinyModel() : taste_(write_dark_taste(folder_.path())) {
        write_tiny_data_folder(folder_ / "data");
        boost::filesystem::copy_file(taste_.prior, folder_ / "data/models/prior-lite.safetensors");
        boost::filesystem::copy_file(PIAA_TEST_DATA "/../../models/level.safetensors",
                                     folder_ / "data/models/level.safetensors");
        ::setenv("PIAA_DATA_DIR", (folder_ / "data").c_str(), 1);
        ::setenv("XDG_DATA_HOME", (folder_ / "home").c_str(), 1);
    }
    ~InstalledTinyModel() {
        ::unsetenv("PIAA_DATA_DIR");
        ::unsetenv("XDG_DATA_HOME");
    }

    boost::filesystem::path folder() const { return folder_.path(); }
    /// Of somebody who likes the dark.
    boost::filesystem::path profile() const { return taste_.profile; }

private:
    TemporaryFolder folder_;
    DarkTaste taste_;
};

}  // namespace piaa::test
