#pragma once

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "support/child_process.h"

namespace piaa::test {

constexpr const char* exiftool_program = "/usr/bin/exiftool";

inline bool has_exiftool() {
    return boost::filesystem::exists(exiftool_program);
}

/// All that exiftool, a reader of metadata that shares no code with ours, finds of XMP in a file: by group
/// and name, without which toolkit wrote it.
inline nlohmann::json xmp_by_exiftool(const boost::filesystem::path& file) {
    const auto ending =
        ChildProcess({exiftool_program, "-j", "-struct", "-G1", "-a", "-U", "-XMP:all", file.string()})
            .wait();
    auto all = nlohmann::json::parse(ending.output).at(0);
    all.erase("SourceFile");
    all.erase("XMP-x:XMPToolkit");
    return all;
}

}  // namespace piaa::test
