#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>

#include "console/exit_code.h"
#include "console/output.h"
#include "console/terminal.h"
#include "limits/interrupt.h"
#include "photos/shard.h"
#include "run/cache_options.h"
#include "run/photo_pipeline.h"

namespace piaa::cli {

/// What every command that goes through photos is told.
struct PhotoRunOptions {
    std::vector<std::string> paths;  ///< files and folders; "-" alone for a list on standard input
    bool nul_separated = false;      ///< the list's paths end with NUL, not with a line end
    bool keys = false;               ///< each line of the list is KEY, a tab and the path
    boost::filesystem::path watch;   ///< photos that arrive here follow, until Ctrl-C; empty for none
    std::chrono::milliseconds settle = std::chrono::seconds(1);  ///< see FolderWatch
    bool failed_ok = false;    ///< photos that failed and were told of are no failure of the run
    Shard shard;               ///< the part of the photos to work on
    int jobs = 0;              ///< 0 for what the machine and its limits allow
    std::uint64_t memory = 0;  ///< bytes that the program may take; 0 for what a container allows
    std::chrono::seconds time_limit = std::chrono::minutes(5);  ///< see PipelineOptions
    CacheOptions cache;
    bool keep_maps = false;
    bool keep_subjects = false;
    bool quiet = false;
    std::optional<int> events_to;  ///< the descriptor that --progress json writes to; see RunMessages
    Terminal terminal;
    int input = 0;  ///< the descriptor of standard input
};

/// How a run went.
struct PhotoRunSummary {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;   ///< no images, and nobody expected them to be
    std::size_t links = 0;     ///< to photos of the run, passed over
    std::size_t excused = 0;   ///< of the failed ones, those that --failed-ok speaks of
    bool interrupted = false;  ///< before the last photo
    /// An orderly end is possible as long as the summary lives: photos may be changed after the run. Nothing
    /// for a watched folder, which Ctrl-C brought to its end.
    std::shared_ptr<const InterruptGuard> guard = nullptr;

    /// Whether it was asked for, in the run or since.
    bool is_interrupted() const { return interrupted || (guard && InterruptGuard::interrupted()); }
    ExitCode exit_code() const {
        return failed > excused || interrupted ? some_files_failed : ExitCode::done;
    }
};

/// What a command does with photos, in path order. `failed` may be empty; the error line is written in any
/// case.
struct PhotoHandlers {
    std::function<void(PhotoResult&&)> done;
    std::function<void(const PhotoResult&)> failed = nullptr;
    std::function<void(PhotoResult&)> work = nullptr;  ///< see PipelineOptions
    /// Whether a file that is named belongs to a photo of the run, with which it goes. It is no photo that
    /// failed then, but another file that was skipped. Asked when it failed and, of what is a sidecar by its
    /// suffix, after the last photo.
    std::function<bool(const boost::filesystem::path&)> is_companion = nullptr;
};

/// Whether the paths come one by one from standard input, each to be answered at once.
bool reads_list(const PhotoRunOptions& options);

/// Whether photos come as they come, from standard input or into a watched folder, and the run's end is not
/// in sight.
bool waits_for_photos(const PhotoRunOptions& options);

/// Whether rows tell of failed photos too, so that each photo has its row. json: rows have room for an error
/// anyway, where tables and CSV have a column for it only with --failed-ok.
bool answers_failures(const PhotoRunOptions& options, bool json);

/// Takes the photos that the options name through the pipeline. On err: a bar where people look, one line for
/// each photo that failed and, unless quiet, a last line of figures. Ctrl-C ends it early and in order.
/// Throws what a handler throws.
PhotoRunSummary run_photos(const Model& model, const PhotoRunOptions& options, std::ostream& err,
                           const PhotoHandlers& handlers);

/// What is decided over all photos of a run is not done on a part of them. Returns whether the run had no
/// end, and says then that nothing was done.
bool nothing_is_done(const PhotoRunSummary& summary, std::ostream& err);
/// Says that an interruption left the rest of the photos as they were when their turn came.
void say_rest_is_left(std::size_t photos, PhotoRunSummary& summary, std::ostream& err);

/// The output takes its name; after an interruption what is finished stays where it was put aside, and err
/// says where.
void finish_output(Output& output, const PhotoRunSummary& summary, std::ostream& err);

}  // namespace piaa::cli
