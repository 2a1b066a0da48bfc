#include "commands/crop_command.h"

#include <atomic>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/level.h>
#include <piaa/parse_number.h>
#include <piaa/piaa.h>

#include "answers/photo_answers.h"
#include "changes/undo_log.h"
#include "console/escape.h"
#include "console/output.h"
#include "console/say.h"
#include "crops/crop_files.h"
#include "crops/crop_record.h"
#include "crops/crop_xmp.h"
#include "crops/photo_crops.h"
#include "report/json_rows.h"
#include "run/photo_options.h"
#include "run/scorer.h"
#include "run/worker_results.h"
#include "shell/option_group.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What stays the same over all photos.
struct CropJob {
    Scorer scorer;
    std::vector<CropFormat> formats;
};

/// The pictures, previews and sidecars that somebody asked for beside the records.
class CropOutputs {
public:
    CropOutputs(const CropCommandOptions& options, std::ostream& err)
        : options_(options),
          err_(err),
          log_(options.undo_log, "crop"),
          notice_(log_, options.photos.quiet, err) {
        if (!options.into.empty()) pictures_.emplace(options.into, options.force);
        if (!options.svg.empty()) posters_.emplace(options.svg, options.force);
        if (!options.preview.empty()) previews_.emplace(options.preview, options.force);
    }

    /// Writes them for one photo and tells its records, one per format, where they are.
    void write(const PhotoResult& photo, const std::vector<CropFormat>& formats, const FoundCrops& crops,
               std::vector<Json>& records) {
        const boost::filesystem::path& file = photo.photo.file;
        const auto& results = crops.results;
        const double angle = crops.angle();
        std::vector<FormatCrops> found;
        for (std::size_t i = 0; i < formats.size(); ++i) {
            if (pictures_)
                attempt([&] {
                    for (const auto& crop : write_crops(*pictures_, file, formats[i], results[i], angle))
                        records[i]["files"].push_back(crop.string());
                });
            if (posters_)
                attempt([&] {
                    for (const auto& poster : write_posters(*posters_, file, formats[i], results[i],
                                                            photo.features.photo, options_.texts, angle))
                        records[i]["files"].push_back(poster.string());
                });
            if (previews_)
                attempt([&] {
                    write_preview(*previews_, file, *crops.seen(photo.features).picture, formats[i],
                                  results[i], photo.features.photo, options_.texts, angle);
                });
            found.push_back({formats[i].name, results[i]});
        }
        if (options_.xmp)
            attempt([&] {
                const auto sidecar = write_crop_xmp(file, photo.features.photo, found,
                                                    {.camera_raw = options_.camera_raw,
                                                     .force = options_.force,
                                                     .angle = angle,
                                                     .log = &log_});
                for (Json& record : records) record["sidecar"] = sidecar.string();
                misread_ += options_.camera_raw && is_stem_sidecar_of_picture(file, sidecar);
            });
    }

    /// Says what people should know of the sidecars; false when something could not be written.
    bool finish() const {
        if (misread_ > 0 && !options_.photos.quiet)
            err_ << "piaa-batch: " << misread_
                 << " crs: crops stand in sidecars named like a.xmp of photos that are no RAW files; "
                    "darktable "
                    "4.2.1 misreads them\n";
        return unwritten_ == 0;
    }

private:
    /// What cannot be written is an error of its own; the record is given all the same.
    template <typename Write>
    void attempt(const Write& write) {
        try {
            write();
        } catch (const Error& error) {
            say(err_, error.what());
            ++unwritten_;
        }
    }

    const CropCommandOptions& options_;
    std::ostream& err_;
    UndoLog log_;
    UndoNotice notice_;
    std::optional<CropFiles> pictures_;
    std::optional<CropFiles> posters_;
    std::optional<CropFiles> previews_;
    std::size_t unwritten_ = 0;
    std::size_t misread_ = 0;
};

int crop_photos(const CropCommandOptions& options, const CropJob& job, std::ostream& out, std::ostream& err) {
    const ReportFormat format = report_format(options.format, options.photos.terminal, options.output);
    const bool json = format == ReportFormat::json || format == ReportFormat::jsonl;
    CropOutputs outputs(options, err);
    Output output(options.output, out);
    auto columns = crop_columns(options.straighten);
    if (options.photos.keys) columns.insert(columns.begin(), {"id"});
    if (options.photos.failed_ok) columns.push_back({"error"});
    Report report(output.stream(), format, columns,
                  terminal_columns(options.photos.terminal, options.output));
    WorkerResults<FoundCrops> crops;
    std::atomic<bool> faces = options.faces;
    PhotoHandlers handlers;
    handlers.work = [&](PhotoResult& photo) {
        const auto lines = options.straighten ? picture_for_lines(photo.photo, photo.features) : std::nullopt;
        FoundCrops found = find_photo_crops(options, job.formats, job.scorer, photo.features, faces, lines);
        photo.features.maps.clear();
        if (found.levelled) found.levelled->maps.clear();
        crops.put(photo, std::move(found));
    };
    handlers.done = [&](PhotoResult&& photo) {
        const FoundCrops found = crops.take(photo);
        if (!found.no_faces.empty())
            err << "piaa-batch: " << printable(found.no_faces) << "; crops may cut faces\n";
        std::vector<Json> records;
        for (std::size_t i = 0; i < found.results.size(); ++i)
            records.push_back(crop_record(photo.photo.file.string(), found.seen(photo.features),
                                          job.formats[i], found.results[i], found.levelling));
        outputs.write(photo, job.formats, found, records);
        for (Json& record : records) {
            if (reads_list(options.photos)) record["id"] = photo.photo.id;
            job.scorer.add_provenance(record);
        }
        rank_records(records, found.fits);
        for (const Json& record : records) {
            if (json)
                report.add(crop_json_row(record, options.rank, options.straighten));
            else
                for (const Json& row : crop_rows(record)) report.add(row);
        }
        output.flush();
    };
    if (answers_failures(options.photos, json))
        handlers.failed = [&](const PhotoResult& photo) {
            const std::string why = photo.error->what();
            report.add(json ? crop_failure(job.scorer, photo.photo, why, options.rank, options.straighten)
                            : Json{{"path", photo.photo.file.string()}, {"error", why}});
            output.flush();
        };
    PhotoRunOptions photos = options.photos;
    photos.keep_maps = true;
    const PhotoRunSummary summary = run_photos(job.scorer.model(), photos, err, handlers);
    report.finish();
    const bool written = outputs.finish();
    finish_output(output, summary, err);
    return written ? summary.exit_code() : some_files_failed;
}

/// An option whose text is taken apart while parsing, so that a mistake in it is one of usage.
template <typename Take>
CLI::Option* add_parsed(CLI::App& command, const std::string& name, Take take, const std::string& help) {
    return command.add_option_function<std::string>(
        name,
        [name, take](const std::string& text) {
            try {
                take(text);
            } catch (const Error& error) {
                throw CLI::ValidationError(name, error.what());
            }
        },
        help);
}

/// The same for an option that may come several times.
template <typename Take>
CLI::Option* add_each_parsed(CLI::App& command, const std::string& name, Take take, const std::string& help) {
    return command
        .add_option_function<std::vector<std::string>>(
            name,
            [name, take](const std::vector<std::string>& texts) {
                try {
                    for (const std::string& text : texts) take(text);
                } catch (const Error& error) {
                    throw CLI::ValidationError(name, error.what());
                }
            },
            help)
        ->allow_extra_args(false);
}

void add_format_options(CLI::App& command, CropRequest& request) {
    const OptionGroup group(command, "Formats");
    command
        .add_option("--preset", request.presets, "A named format, see 'piaa-batch preset list'; repeatable")
        ->allow_extra_args(false)
        ->type_name("PRESET");
    add_each_parsed(
        command, "--aspect",
        [&request](const std::string& text) {
            parse_aspect(text);
            request.aspects.push_back(text);
        },
        "Width and height, as 4:5; repeatable")
        ->type_name("W:H");
    command.add_option("--count", request.count, "Crops per photo and format")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command
        .add_option("--looks", request.looks,
                    "With --user: so many well framed crops per format are judged by themselves; 0 for none")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
    command.add_flag("--rank-presets", request.rank,
                     "The format that suits each photo best comes first; JSON says how well, and why");
}

void add_text_options(CLI::App& command, CropRequest& request) {
    const OptionGroup group(command, "What crops must hold");
    add_each_parsed(
        command, "--text-colour",
        [&request](const std::string& text) { request.text_style.colours.push_back(parse_colour(text)); },
        "A colour that text may have, as #1a2b3c; repeatable, black and white otherwise")
        ->type_name("COLOUR");
    command
        .add_option("--contrast", request.text_style.least_contrast,
                    "Of text with every place under it, WCAG 2.2: says the least scrim that gives it")
        ->check([](const std::string& text) {  // CLI::Range lets "nan" pass
            const auto number = parse_number<double>(text);
            return number && *number >= 1 && *number <= 21 ? "" : "should be a number from 1 to 21";
        });
}

void add_constraint_options(CLI::App& command, CropRequest& request) {
    const OptionGroup group(command, "What crops must hold");
    add_each_parsed(
        command, "--keep", [&request](const std::string& text) { request.keep.push_back(parse_box(text)); },
        "x,y,w,h that must stay whole, as far as the photo has it: shares where no number is above 1, "
        "else pixels; repeatable")
        ->type_name("BOX");
    add_parsed(
        command, "--blank",
        [&request](const std::string& text) {
            const BoxArgument argument = parse_box(text);
            if (argument.pixels || argument.box.right() > 1 + 1e-9 || argument.box.bottom() > 1 + 1e-9)
                throw Error(ErrorCode::bad_argument,
                            "box '" + text + "' should be shares of the crop, 0 to 1");
            request.blank = argument.box;
        },
        "x,y,w,h as shares of the crop: calm room for text")
        ->type_name("BOX");
    command.add_flag("--faces,!--no-faces", request.faces, "Keep people's heads whole, as without it");
    command.add_option("--margin", request.margin, "Share of the crop between what is kept and its borders")
        ->check(CLI::Range(0.0, 0.45));
    command.add_option("--min-kept", request.min_kept, "Smallest share of the photo's area")
        ->check(CLI::Range(0.0, 1.0));
    add_parsed(
        command, "--min-pixels",
        [&request](const std::string& text) { request.min_pixels = parse_size(text); },
        "Smallest crop, as 1080x1350")
        ->type_name("WxH");
    command.add_flag("--straighten", request.straighten,
                     "Level photos that are surely tilted, by at most 8 degrees, unless what --keep or "
                     "--min-pixels asks for would be lost; boxes of crops are of the levelled photo then");
    command.add_flag("--upscale", request.upscale, "Crops may be smaller than a preset's size in pixels");
}

void add_output_options(CLI::App& command, CropCommandOptions& options) {
    const OptionGroup group(command, "What to do with them");
    add_path_option(command, "--into", options.into, "Write the crops as pictures into this folder", "DIR");
    add_path_option(command, "--preview", options.preview,
                    "Write the photos with their crops drawn into this folder", "DIR");
    add_path_option(
        command, "--svg", options.svg,
        "Write the crops as SVG into this folder, with their text above the photo; without a size in pixels "
        "at most 2400 along the longer side",
        "DIR");
    add_each_parsed(
        command, "--text",
        [&options](const std::string& text) {
            check_poster_text(text);
            options.texts.push_back(text);
        },
        "Text of --svg and --preview for the formats' text boxes in their order; \\n ends a line, and a long "
        "one is broken where that at least doubles its letters")
        ->type_name("TEXT");
    auto* xmp = command.add_flag("--xmp", options.xmp,
                                 "Write the crops into each photo's XMP sidecar, as IPTC Image Regions");
    command
        .add_flag("--crs", options.camera_raw,
                  "With --xmp: the best crop also as crs: values, as Lightroom and Camera Raw apply them")
        ->needs(xmp);
    add_undo_log_option(command, options.undo_log);
    command.add_flag("--force", options.force, "Write over pictures and crs: crops that are there");
}

/// Options that say nothing here. A settings file may give them to all runs, so they are no mistake.
void note_idle_options(const CropCommandOptions& options, const std::vector<CropFormat>& formats,
                       std::ostream& err) {
    if (const std::string idle = idle_text_wish(options, formats, "--"); !idle.empty()) say(err, idle);
    if (options.scorer.user.empty() && options.looks != CropOptions().looks)
        say(err, "--looks asks a person's judgement, and nobody is named by --user");
}

}  // namespace

void add_crop_command(CLI::App& app, std::function<void(const CropCommandOptions&)> run) {
    auto* command = app.add_subcommand("crop", "Find the best crops of photos, of any format");
    auto options = std::make_shared<CropCommandOptions>();
    add_photo_options(*command, options->photos);
    add_shard_option(*command, options->photos.shard);
    add_scorer_options(*command, options->scorer);
    add_report_options(*command, options->format, options->output);
    add_format_options(*command, *options);
    add_constraint_options(*command, *options);
    add_text_options(*command, *options);
    add_output_options(*command, *options);
    command->callback([options, run] {
        if (!options->texts.empty() && options->svg.empty() && options->preview.empty())
            throw CLI::ValidationError("--text", "shows in --svg and --preview alone; name one of them");
        run(*options);
    });
}

int run_crop(const CropCommandOptions& options, std::ostream& out, std::ostream& err) {
    std::optional<CropJob> job;
    try {
        auto formats = requested_formats(options);
        check_room(formats, options.texts, "--blank");
        if (options.straighten) estimate_tilt(Image({64, 64}, std::vector<std::uint8_t>(64 * 64 * 3)));
        if (!options.photos.quiet) note_idle_options(options, formats, err);
        job = CropJob{Scorer(options.scorer), std::move(formats)};
    } catch (const Error& error) {
        say(err, error.what());
        const bool usage = error.code() == ErrorCode::bad_preset || error.code() == ErrorCode::bad_argument;
        return usage ? bad_usage : cannot_start;
    }
    try {
        return crop_photos(options, *job, out, err);
    } catch (const Error& error) {
        say(err, error.what());
        return exit_code_for(error);
    }
}

}  // namespace piaa::cli
