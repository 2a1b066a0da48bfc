#include "commands/merge_command.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <sstream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "console/output.h"
#include "photos/photo_list.h"
#include "report/shard_rows.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

/// Says what is wrong, one line each, and counts.
class Complaints {
public:
    explicit Complaints(std::ostream& err) : err_(err) {}
    void say(const std::string& sentence) { err_ << "piaa-batch: " << printable(sentence) << '\n'; }
    void fault(const std::string& sentence) {
        say(sentence);
        ++faults;
    }
    std::size_t faults = 0;

private:
    std::ostream& err_;
};

void report_doubles(const std::vector<ShardRows::Row>& doubles, const ShardRows& rows,
                    Complaints& complaints) {
    std::size_t alike = 0;
    for (const auto& again : doubles) {
        const auto kept = std::lower_bound(rows.rows().begin(), rows.rows().end(), again, ShardRows::before);
        const std::string where =
            rows.files()[kept->file].string() + " and " + rows.files()[again.file].string();
        if (again.text == kept->text || again.failed)
            ++alike;
        else
            complaints.fault((again.path.empty() ? again.id : again.path) + ": has different rows in " +
                             where + "; the first is kept");
    }
    if (alike > 0)
        complaints.say(std::to_string(alike) + (alike == 1 ? " row is" : " rows are") +
                       " double; one of each is kept");
}

void report_missing_shards(const std::vector<Shard>& shards, Complaints& complaints) {
    if (shards.empty()) return;
    if (shards.front().count != shards.back().count)
        return complaints.fault("rows come from parts of " + std::to_string(shards.front().count) +
                                " and of " + std::to_string(shards.back().count) +
                                ", which do not make a whole");
    for (std::uint32_t index = 1; index <= shards.front().count; ++index)
        if (std::find(shards.begin(), shards.end(), Shard{index, shards.front().count}) == shards.end())
            complaints.fault("part " + Shard{index, shards.front().count}.text() +
                             " is missing, or has no photos");
}

/// Scores of other number formats are of the same photos by the same model, so this is no fault.
void report_devices(const std::vector<std::string>& devices, Complaints& complaints) {
    if (devices.size() < 2) return;
    std::string names = devices.front();
    for (std::size_t i = 1; i < devices.size(); ++i)
        names += (i + 1 < devices.size() ? ", " : " and ") + devices[i];
    complaints.say("rows were computed on " + names +
                   ", whose numbers differ a little: photos of nearly equal scores may have changed places");
}

void report_missing_photos(const std::vector<std::string>& images, const ShardRows& rows,
                           Complaints& complaints) {
    if (images.empty()) return;
    const PhotoList list = list_photos(images);
    for (const auto& error : list.errors) complaints.fault(error.what());
    for (const Photo& photo : list.photos) {
        const std::string path = photo.file.string();
        const auto at = [&](const std::string& name) {
            const auto place = std::lower_bound(rows.rows().begin(), rows.rows().end(), name,
                                                [](const auto& row, const auto& n) { return row.path < n; });
            return place != rows.rows().end() && place->path == name;
        };
        // Only what names itself an image can be told to be missing without reading it.
        if (photo.expected && !at(path) && !at(percent_escaped(path)))
            complaints.fault(path + ": has no row");
    }
}

/// For a terminal, which no name may steer.
void show(const ShardRows& rows, std::ostream& out) {
    std::stringstream text;
    rows.write(text);
    for (std::string line; std::getline(text, line);) out << printable(line) << '\n';
}

}  // namespace

void add_merge_command(CLI::App& app, std::function<void(const MergeOptions&)> run) {
    auto* command = app.add_subcommand("merge", "Put the outputs of score --shard together");
    auto options = std::make_shared<MergeOptions>();
    options->terminal = find_terminal();
    command->add_option("FILE", options->files, "Outputs, all as CSV, as JSON or as JSON lines")
        ->required()
        ->type_name("");
    command
        ->add_option("--images", options->images,
                     "What was scored, to name the photos that have no row; may be given several times")
        ->type_name("PATH")
        ->allow_extra_args(false);
    add_path_option(*command, "--output,-o", options->output, "Write to this file");
    command->callback([options, run] { run(*options); });
}

int run_merge(const MergeOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&]() -> int {
        ShardRows rows;
        for (const auto& file : options.files) rows.add(file);
        Complaints complaints(err);
        report_doubles(rows.take_doubles(), rows, complaints);
        report_missing_shards(rows.shards(), complaints);
        report_missing_photos(options.images, rows, complaints);
        if (rows.shards().empty() && options.images.empty())
            complaints.say(
                "what is missing cannot be told: the rows do not say which part they are from "
                "(CSV does with --provenance), and --images names no photos");
        if (rows.makers().size() > 1)
            complaints.fault("rows come from " + std::to_string(rows.makers().size()) +
                             " different models or profiles, whose scores cannot be compared");
        report_devices(rows.devices(), complaints);
        Output output(options.output, out);
        if (options.terminal.output && options.output.empty())
            show(rows, out);
        else
            rows.write(output.stream());
        output.complete();
        return complaints.faults > 0 ? some_files_failed : done;
    });
}

}  // namespace piaa::cli
