#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "console/progress_bar.h"

namespace piaa::cli {

struct Photo;
struct PhotoResult;
struct PhotoRunOptions;
struct PhotoRunSummary;

/// What a run tells while it is at it: to people a bar, one line for each photo that failed and a line of
/// figures at the end; to programs (--progress json) one JSON object per line, written at once:
///
///   {"event":"start","total":100}                                           total: 0 where nobody knows
///   {"event":"progress","index":1,"total":100,"id":"","path":"a.jpg"}       for each photo, index from 1
///   {"event":"error","index":2,"total":100,"id":"","path":"b.jpg","error":"b.jpg: ..."}
///                                                before the photo's progress; index 0: no photo, but a
///                                                folder
///   {"event":"note","text":"..."}
///   {"event":"done","done":99,"failed":1,"skipped":0,"interrupted":false,"seconds":7.125}
///
/// Programs that listen on standard error hear nothing else there of the run.
class RunMessages {
public:
    RunMessages(const PhotoRunOptions& options, std::ostream& err, std::size_t total);

    void start();
    /// A folder that could not be read.
    void failed(const std::string& sentence);
    /// A photo that failed.
    void failed(const PhotoResult& photo);
    /// Before rows are written, which may go to the same terminal.
    void make_room();
    void finished(std::size_t index, const Photo& photo);
    void note(const std::string& sentence);
    void end(const PhotoRunSummary& summary);

private:
    void say(const std::string& sentence);
    void tell(const nlohmann::ordered_json& event);

    const PhotoRunOptions& options_;
    std::ostream& err_;
    std::size_t total_;
    bool to_people_;
    ProgressBar bar_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace piaa::cli
