#include "run/photo_run.h"

#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "cache/feature_cache.h"
#include "console/counted.h"
#include "console/escape.h"
#include "console/say.h"
#include "limits/interrupt.h"
#include "limits/machine_limits.h"
#include "photos/folder_watch.h"
#include "photos/image_file.h"
#include "photos/photo_family.h"
#include "run/photo_lines.h"
#include "run/run_messages.h"

namespace piaa::cli {
namespace {

/// Only the photos of a list that are in the shard.
PhotoSource part_of(PhotoSource all, const Shard& shard) {
    return [all = std::move(all), shard] {
        auto photo = all();
        while (photo && !shard.holds(*photo)) photo = all();
        return photo;
    };
}

/// First the photos of a list, then those that arrive.
PhotoSource followed_by(PhotoSource first, PhotoSource then) {
    return [first = std::move(first), then = std::move(then), more = true]() mutable {
        auto photo = more ? first() : std::nullopt;
        more = photo.has_value();
        return photo ? photo : then();
    };
}

/// The photos that arrive until the folder is gone; `end` then says so.
PhotoSource arriving_until(const std::shared_ptr<FolderWatch>& watch, std::optional<Error>& end) {
    return [arriving = photos_arriving(watch), &end]() -> std::optional<Photo> {
        try {
            return arriving();
        } catch (const Error& error) {
            end = error;
            return std::nullopt;
        }
    };
}

}  // namespace

bool reads_list(const PhotoRunOptions& options) {
    return options.nul_separated || (options.paths.size() == 1 && options.paths.front() == "-");
}

bool waits_for_photos(const PhotoRunOptions& options) {
    return reads_list(options) || !options.watch.empty();
}

bool answers_failures(const PhotoRunOptions& options, bool json) {
    return options.failed_ok || (json && waits_for_photos(options));
}

namespace {

/// The photos that the options name, as they are to be looked at. list: takes those of paths and folders.
PhotoSource named_photos(const PhotoRunOptions& options, PhotoList& list, PhotoRunSummary& summary) {
    if (reads_list(options)) {
        auto lines =
            photo_lines(options.input, {options.nul_separated, options.keys}, InterruptGuard::descriptor());
        if (options.shard.is_all()) return lines;
        return part_of(std::move(lines), options.shard);
    }
    list = list_photos(options.paths, InterruptGuard::interrupted);
    if (!options.shard.is_all())
        std::erase_if(list.photos, [&](const Photo& photo) { return !options.shard.holds(photo); });
    summary.skipped = list.skipped;
    summary.links = list.links;
    summary.failed = list.errors.size();
    return photos_of(list.photos);
}

void tell_start(const PhotoRunOptions& options, const PhotoList& list, RunMessages& messages) {
    messages.start();
    for (const auto& error : list.errors) messages.failed(error.what());
    if (options.quiet) return;
    for (const auto& file : list.unfinished)
        messages.note(file.string() + ": was left unfinished by a run that was killed and may be deleted");
    if (!options.watch.empty()) messages.note("watching " + options.watch.string() + "; Ctrl-C ends it");
}

/// What becomes of photos that failed.
class Failures {
public:
    Failures(const PhotoRunOptions& options, const PhotoHandlers& handlers, RunMessages& messages,
             PhotoRunSummary& summary)
        : options_(options), handlers_(handlers), messages_(messages), summary_(summary) {}

    void take(PhotoResult&& photo) {
        if (is_companion(photo)) {
            photo.error = Error(ErrorCode::bad_argument,
                                photo.photo.file.string() + ": goes with another file of its photo");
            ++summary_.skipped;
            if (answers_at_once_) answer(photo);
        } else if (handlers_.is_companion && has_companion_suffix(photo.photo.file)) {
            if (answers_at_once_) answer(photo);
            undecided_.push_back(std::move(photo));
        } else {
            fail(photo);
            answer(photo);
        }
    }

    /// Once all photos are known.
    void end() {
        for (const auto& photo : undecided_) {
            if (is_companion(photo)) {
                ++summary_.skipped;
                continue;
            }
            fail(photo);
            if (!answers_at_once_) answer(photo);
        }
    }

private:
    bool is_companion(const PhotoResult& photo) const {
        return handlers_.is_companion && handlers_.is_companion(photo.photo.file);
    }

    void fail(const PhotoResult& photo) {
        ++summary_.failed;
        if (options_.failed_ok) ++summary_.excused;
        messages_.failed(photo);
    }

    void answer(const PhotoResult& photo) const {
        if (handlers_.failed) handlers_.failed(photo);
    }

    const PhotoRunOptions& options_;
    const PhotoHandlers& handlers_;
    RunMessages& messages_;
    PhotoRunSummary& summary_;
    const bool answers_at_once_ = reads_list(options_);  ///< each line, companions too
    std::vector<PhotoResult> undecided_;
};

}  // namespace

PhotoRunSummary run_photos(const Model& model, const PhotoRunOptions& options, std::ostream& err,
                           const PhotoHandlers& handlers) {
    const auto guard = std::make_shared<const InterruptGuard>();
    PhotoRunSummary summary;
    PhotoList list;
    // Before the folder is read, so that no photo is missed in between.
    std::shared_ptr<FolderWatch> watch;
    if (!options.watch.empty())
        watch = std::make_shared<FolderWatch>(options.watch, options.settle, InterruptGuard::descriptor());
    PhotoSource source = named_photos(options, list, summary);
    // Of standard input nobody knows that: Ctrl-C ends who writes the list, too.
    const bool all_are_listed = !reads_list(options) && !InterruptGuard::interrupted();
    std::optional<Error> watch_end;
    if (watch) source = followed_by(std::move(source), arriving_until(watch, watch_end));
    RunMessages messages(options, err, watch ? 0 : list.photos.size());
    tell_start(options, list, messages);

    const auto cache = options.keep_maps ? nullptr : open_cache(options.cache, model, err);
    const WorkPlan plan = plan_work(options.jobs, options.memory, machine_limits());
    limit_decoding_memory(plan.decoding, plan.strict);
    const PipelineOptions pipeline{.jobs = plan.jobs,
                                   .batch = waits_for_photos(options) ? 1 : 0,
                                   .keep_maps = options.keep_maps,
                                   .keep_subjects = options.keep_subjects,
                                   .cache = cache.get(),
                                   .stop = InterruptGuard::interrupted,
                                   .time_limit = options.time_limit,
                                   .work = handlers.work};
    Failures failures(options, handlers, messages, summary);
    const auto count = run_photo_pipeline(model, source, pipeline, [&](PhotoResult&& result) {
        const Photo photo = result.photo;  // the result goes to whoever handles it
        const std::size_t index = result.index;
        if (result.skipped) {
            ++summary.skipped;
        } else if (result.error) {
            failures.take(std::move(result));
        } else {
            ++summary.done;
            messages.make_room();
            handlers.done(std::move(result));
        }
        messages.finished(index, photo);
        if (const auto warning = cache ? cache->warning() : std::nullopt) messages.note(*warning);
    });
    failures.end();
    if (watch_end) {
        ++summary.failed;
        messages.failed(watch_end->what());
    }
    // Nothing else ends the watching.
    const bool whole = watch || (all_are_listed && count == list.photos.size());
    summary.interrupted = !whole && InterruptGuard::interrupted();
    messages.end(summary);
    if (!watch) summary.guard = guard;
    return summary;
}

bool nothing_is_done(const PhotoRunSummary& summary, std::ostream& err) {
    if (summary.interrupted)
        say(err,
            "interrupted before all photos were compared, so none was copied, moved, linked or marked, and "
            "no page written");
    return summary.interrupted;
}

void say_rest_is_left(std::size_t photos, PhotoRunSummary& summary, std::ostream& err) {
    summary.interrupted = true;
    say(err, "interrupted; " + counted(photos, "photo") + " more would have been changed, and " +
                 (photos == 1 ? "is as it was" : "are as they were"));
}

void finish_output(Output& output, const PhotoRunSummary& summary, std::ostream& err) {
    if (!summary.interrupted) return output.complete();
    output.flush();
    if (!output.partial().empty())
        err << "piaa-batch: the finished rows are in " << printable(output.partial().string()) << '\n';
}

}  // namespace piaa::cli
