#include "run/photo_run.h"

#include <chrono>
#include <cstdio>
#include <ostream>

#include "cache/feature_cache.h"
#include "console/escape.h"
#include "console/progress_bar.h"
#include "limits/interrupt.h"
#include "limits/machine_limits.h"
#include "photos/image_file.h"

namespace piaa::cli {
namespace {

std::string count_of(std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string summary_line(const PhotoRunSummary& summary, double seconds) {
    std::string line = count_of(summary.done, "photo");
    if (summary.failed > 0) line += ", " + std::to_string(summary.failed) + " failed";
    if (summary.left_out > 0) line += ", " + count_of(summary.left_out, "other file") + " skipped";
    if (summary.links > 0) line += ", " + count_of(summary.links, "link") + " to them passed over";
    char time[64];
    std::snprintf(time, sizeof time, " in %.1f s (%.1f/s)", seconds,
                  static_cast<double>(summary.done) / seconds);
    line += time;
    if (summary.interrupted) line += ", interrupted before the end";
    return line;
}

/// Only the photos of a list that are in the shard.
PhotoSource part_of(PhotoSource all, const Shard& shard) {
    return [all = std::move(all), shard] {
        auto photo = all();
        while (photo && !shard.holds(*photo)) photo = all();
        return photo;
    };
}

}  // namespace

bool reads_list(const PhotoRunOptions& options) {
    return options.nul_separated || (options.paths.size() == 1 && options.paths.front() == "-");
}

PhotoRunSummary run_photos(const Model& model, const PhotoRunOptions& options, std::ostream& err,
                           const PhotoHandlers& handlers) {
    const InterruptGuard guard;
    const auto start = std::chrono::steady_clock::now();
    PhotoRunSummary summary;
    const auto say = [&](const std::string& sentence) {
        err << "piaa-batch: " << printable(sentence) << std::endl;
    };

    PhotoList list;
    PhotoSource source;
    if (reads_list(options)) {
        source =
            photos_from(options.input, options.nul_separated ? '\0' : '\n', InterruptGuard::descriptor());
        if (!options.shard.is_all()) source = part_of(std::move(source), options.shard);
    } else {
        list = list_photos(options.paths, InterruptGuard::interrupted);
        if (!options.shard.is_all())
            std::erase_if(list.photos, [&](const Photo& photo) { return !options.shard.holds(photo); });
        source = photos_of(list.photos);
        summary.left_out = list.left_out;
        summary.links = list.links;
        summary.failed = list.errors.size();
        for (const auto& error : list.errors) say(error.what());
    }

    const auto cache = options.keep_maps ? nullptr : open_cache(options.cache, model, err);
    ProgressBar bar(err, options.terminal.messages && !options.quiet, list.photos.size());
    const WorkPlan plan = plan_work(options.jobs, options.memory, machine_limits());
    limit_decoding_memory(plan.decoding, plan.strict);
    const PipelineOptions pipeline{.jobs = plan.jobs,
                                   .batch = reads_list(options) ? 1 : 0,
                                   .keep_maps = options.keep_maps,
                                   .cache = cache.get(),
                                   .stop = InterruptGuard::interrupted,
                                   .time_limit = options.time_limit,
                                   .work = handlers.work};
    run_photo_pipeline(model, source, pipeline, [&](PhotoResult&& result) {
        if (result.left_out) {
            ++summary.left_out;
        } else if (result.error) {
            ++summary.failed;
            bar.clear();
            say(result.error->what());
            if (handlers.failed) handlers.failed(result);
        } else {
            ++summary.done;
            if (options.terminal.output) bar.clear();
            handlers.done(std::move(result));
        }
        bar.step();
        if (const auto trouble = cache ? cache->trouble() : std::nullopt) {
            bar.clear();
            say(*trouble);
        }
    });
    bar.clear();
    summary.interrupted = InterruptGuard::interrupted();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!options.quiet) say(summary_line(summary, seconds));
    return summary;
}

void finish_output(Output& output, const PhotoRunSummary& summary, std::ostream& err) {
    if (!summary.interrupted) return output.complete();
    output.flush();
    if (!output.partial().empty())
        err << "piaa-batch: the finished rows are in " << printable(output.partial().string()) << '\n';
}

}  // namespace piaa::cli
