#include "commands/crop_command.h"

#include <any>
#include <atomic>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/piaa.h>

#include "answers/photo_answers.h"
#include "changes/undo_log.h"
#include "console/escape.h"
#include "console/output.h"
#include "crops/crop_files.h"
#include "crops/crop_record.h"
#include "crops/crop_xmp.h"
#include "crops/photo_crops.h"
#include "report/json_rows.h"
#include "run/photo_options.h"
#include "run/scorer.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What stays the same over all photos.
struct CropJob {
    Scorer scorer;
    std::vector<CropFormat> formats;
};

int crop_photos(const CropCommandOptions& options, const CropJob& job, std::ostream& out, std::ostream& err) {
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    Output output(options.output, out);
    Report report(output.stream(), format, crop_columns(),
                  terminal_columns(options.photos.terminal, options.output));

    UndoLog log(options.undo_log, "crop");
    const UndoNotice notice(log, options.photos.quiet, err);
    std::optional<CropFiles> pictures;
    std::optional<CropFiles> previews;
    if (!options.into.empty()) pictures.emplace(options.into, options.force);
    if (!options.preview.empty()) previews.emplace(options.preview, options.force);

    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    std::size_t unwritten = 0, misread = 0;
    std::atomic<bool> faces = options.faces;
    // A picture or sidecar that cannot be written is an error of its own; the record is given all the same.
    const auto attempt = [&](const auto& write) {
        try {
            write();
        } catch (const Error& error) {
            err << "piaa-batch: " << printable(error.what()) << '\n';
            ++unwritten;
        }
    };
    PhotoHandlers handlers;
    handlers.work = [&](PhotoResult& photo) {
        photo.made = find_photo_crops(options, job.formats, job.scorer, photo.features, faces);
        photo.features.maps.clear();
    };
    handlers.done = [&](PhotoResult&& photo) {
        const boost::filesystem::path& file = photo.photo.file;
        const Size size = photo.features.photo;
        const auto& [results, fits, no_faces] = std::any_cast<const FoundCrops&>(photo.made);
        if (!no_faces.empty()) err << "piaa-batch: " << printable(no_faces) << "; crops may cut faces\n";
        std::vector<FormatCrops> found;
        std::vector<Json> records;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const CropFormat& crop_format = job.formats[i];
            const CropResult& result = results[i];
            Json record = crop_record(file.string(), size, crop_format, result);
            if (pictures)
                attempt([&] {
                    for (const auto& crop : write_crops(*pictures, file, crop_format, result))
                        record["files"].push_back(crop.string());
                });
            if (previews)
                attempt([&] {
                    write_preview(*previews, file, *photo.features.picture, crop_format, result, size);
                });
            if (reads_list(options.photos)) record["id"] = photo.photo.id;
            job.scorer.add_provenance(record);
            records.push_back(std::move(record));
            found.push_back({crop_format.name, result});
        }
        if (options.xmp || options.camera_raw)
            attempt([&] {
                const auto sidecar =
                    write_crop_xmp(file, size, found,
                                   {.camera_raw = options.camera_raw, .force = options.force, .log = &log});
                for (Json& record : records) record["sidecar"] = sidecar.string();
                misread += options.camera_raw && is_stem_sidecar_of_picture(file, sidecar);
            });
        rank_records(records, fits);
        for (const Json& record : records) {
            if (json)
                report.add(crop_json_row(record, options.rank));
            else
                for (const Json& row : crop_rows(record)) report.add(row);
        }
        output.flush();
    };
    if (reads_list(options.photos) && format == ReportFormat::jsonl)
        handlers.failed = [&](const PhotoResult& photo) {
            report.add(crop_failure(job.scorer, photo.photo, photo.error->what(), options.rank));
            output.flush();
        };
    const PhotoRunSummary summary = run_photos(job.scorer.model(), photos, err, handlers);
    report.finish();
    if (misread > 0 && !options.photos.quiet)
        err << "piaa-batch: " << misread
            << " crs: crops stand in sidecars named like a.xmp of photos that are no RAW files; darktable "
               "4.2.1 "
               "misreads them\n";
    finish_output(output, summary, err);
    return unwritten > 0 ? some_files_failed : summary.exit_code();
}

}  // namespace

void add_crop_command(CLI::App& app, std::function<void(const CropCommandOptions&)> run) {
    auto* command = app.add_subcommand("crop", "Find the best crops of photos, of any format");
    auto options = std::make_shared<CropCommandOptions>();
    add_photo_options(*command, options->photos);
    add_shard_option(*command, options->photos.shard);
    add_scorer_options(*command, options->scorer);
    add_report_options(*command, options->format, options->output);
    // Takes a text apart while parsing, so that a mistake in it is one of usage.
    const auto add_parsed = [command](const std::string& name, auto take, const std::string& help) {
        return command->add_option_function<std::string>(
            name,
            [name, take](const std::string& text) {
                try {
                    take(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError(name, error.what());
                }
            },
            help);
    };
    command
        ->add_option("--preset", options->presets, "A named format, see 'piaa-batch preset list'; repeatable")
        ->allow_extra_args(false)
        ->type_name("PRESET");
    command->add_option("--aspect", options->aspects, "Width and height, as 4:5; repeatable")
        ->allow_extra_args(false)
        ->check([](const std::string& text) {
            try {
                parse_aspect(text);
                return std::string();
            } catch (const Error& error) {
                return std::string(error.what());
            }
        })
        ->type_name("W:H");
    command->add_option("--count", options->count, "Crops a photo and format")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    add_path_option(*command, "--into", options->into, "Write the crops as pictures into this folder", "DIR");
    add_path_option(*command, "--preview", options->preview,
                    "Write the photos with their crops drawn into this folder", "DIR");
    command->add_flag("--xmp", options->xmp,
                      "Write the crops into each photo's XMP sidecar, as IPTC Image Regions");
    command->add_flag(
        "--crs", options->camera_raw,
        "With --xmp: the best crop also as crs: values, as Lightroom and Camera Raw apply them");
    add_undo_log_option(*command, options->undo_log);
    command->add_flag("--force", options->force, "Write over pictures and crs: crops that are there");
    command
        ->add_option_function<std::vector<std::string>>(
            "--keep",
            [options](const std::vector<std::string>& boxes) {
                for (const std::string& box : boxes) {
                    try {
                        options->keep.push_back(parse_box(box));
                    } catch (const Error& error) {
                        throw CLI::ValidationError("--keep", error.what());
                    }
                }
            },
            "x,y,w,h that must stay whole, in pixels or as shares of the photo; repeatable")
        ->allow_extra_args(false)
        ->type_name("BOX");
    add_parsed(
        "--blank",
        [options](const std::string& text) {
            const BoxArgument argument = parse_box(text);
            if (argument.pixels || argument.box.right() > 1 + 1e-9 || argument.box.bottom() > 1 + 1e-9)
                throw Error(ErrorCode::bad_argument,
                            "box '" + text + "' should be shares of the crop, 0 to 1");
            options->blank = argument.box;
        },
        "x,y,w,h as shares of the crop: calm room for text")
        ->type_name("BOX");
    command->add_flag("--faces,!--no-faces", options->faces, "Keep people's heads whole, as without it");
    command->add_option("--margin", options->margin, "Share of the crop between what is kept and its borders")
        ->check(CLI::Range(0.0, 0.45));
    command->add_option("--min-kept", options->min_kept, "Smallest share of the photo's area")
        ->check(CLI::Range(0.0, 1.0));
    add_parsed(
        "--min-pixels", [options](const std::string& text) { options->min_pixels = parse_size(text); },
        "Smallest crop, as 1080x1350")
        ->type_name("WxH");
    command->add_flag("--rank-presets", options->rank,
                      "The format that suits each photo best comes first; JSON says how well, and why");
    command->add_flag("--upscale", options->upscale, "Crops may be smaller than a preset's size in pixels");
    command->callback([options, run] { run(*options); });
}

int run_crop(const CropCommandOptions& options, std::ostream& out, std::ostream& err) {
    std::optional<CropJob> job;
    try {
        job = CropJob{Scorer(options.scorer), requested_formats(options)};
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return error.code() == ErrorCode::bad_preset ? bad_usage : cannot_start;
    }
    try {
        return crop_photos(options, *job, out, err);
    } catch (const Error& error) {
        err << "piaa-batch: " << printable(error.what()) << '\n';
        return some_files_failed;
    }
}

}  // namespace piaa::cli
