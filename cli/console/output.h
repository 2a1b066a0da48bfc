#pragma once

#include <fstream>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/descriptor.h>

namespace piaa::cli {

/// Where a command's rows go: standard output, or the file of --output.
///
/// A file is written as FILE.partial beside it and takes its name when the work is complete; after an
/// interruption or a failure the finished rows stay in FILE.partial. Where another run writes the same file,
/// as when a scheduler repeats a job that still lives, each has a file of its own (FILE.partial-1f2e3d4c),
/// and the last one to be complete keeps the name. What is no regular file (/dev/null, a pipe) is written
/// directly.
class Output {
public:
    /// file: empty for `standard`. Throws Error(bad_argument) when the file cannot be made, or is there and a
    /// photo, a profile or a sidecar by its name.
    Output(const boost::filesystem::path& file, std::ostream& standard);
    /// Leaves no FILE.partial without a row, as on a full disk.
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    std::ostream& stream() { return file_.is_open() ? file_ : standard_; }
    /// Brings what was written to the reader or the disk. Throws Error(io) when that fails: disk full, pipe
    /// closed.
    void flush();
    /// The file takes its name.
    void complete();
    /// Where finished rows stay when complete() is not called; empty where nothing was put aside.
    const boost::filesystem::path& partial() const { return partial_; }

private:
    boost::filesystem::path target_;
    boost::filesystem::path partial_;
    std::optional<Descriptor> opened_;  // partial_, locked until it has its name
    std::ofstream file_;
    std::ostream& standard_;
};

}  // namespace piaa::cli
