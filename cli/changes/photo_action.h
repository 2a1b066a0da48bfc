#pragma once

#include <iosfwd>

#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

/// Something that is done with each photo that a run of `score` chose, beside telling its score: sidecars,
/// copies, a page.
class PhotoAction {
public:
    virtual ~PhotoAction() = default;
    /// record: as `score` tells it, with "path" as the file system has it. Throws Error when the photo has to
    /// be left out; the run goes on.
    virtual void take(const nlohmann::ordered_json& record) = 0;
    /// After the last photo: completes what needs an end, and says in a line or two what was done.
    virtual void finish(std::ostream& err, bool quiet) = 0;
};

}  // namespace piaa::cli
