#include "commands/preset_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/preset.h>
#include <piaa/whole_file.h>

#include "console/exit_code.h"
#include "console/say.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

Json record_of(const Preset& preset) {
    Json record{{"name", preset.name},    {"group", preset.group},   {"aspect", preset.ratio},
                {"size", Json()},         {"margin", preset.margin}, {"min_kept", preset.min_kept},
                {"areas", Json::array()}, {"title", preset.title},   {"path", preset.file.string()}};
    if (preset.size)
        record["size"] = std::to_string(preset.size->width) + "x" + std::to_string(preset.size->height);
    for (const PresetArea& area : preset.areas)
        record["areas"].push_back({{"name", area.name},
                                   {"x", area.box.x},
                                   {"y", area.box.y},
                                   {"w", area.box.width},
                                   {"h", area.box.height}});
    return record;
}

}  // namespace

void add_preset_command(CLI::App& app, std::function<void(const PresetOptions&)> run) {
    auto* command = app.add_subcommand("preset", "Named crop formats");
    command->require_subcommand(1);
    auto options = std::make_shared<PresetOptions>();
    options->terminal = find_terminal();
    auto* list = command->add_subcommand("list", "All formats, built in and your own");
    auto* show = command->add_subcommand("show", "A format as its file says it, to begin one's own with");
    list->add_option_function<std::string>(
            "--format", [options](const std::string& name) { options->format = report_formats().at(name); },
            "table, csv, json or jsonl")
        ->check(CLI::IsMember({"table", "csv", "json", "jsonl"}));
    show->add_option("PRESET", options->show, "A format's name or a file")->required()->type_name("");
    command->callback([options, run] { run(*options); });
}

int run_preset(const PresetOptions& options, std::ostream& out, std::ostream& err) {
    try {
        if (!options.show.empty()) {
            const auto bytes = read_whole_file(find_preset(options.show).file, std::size_t{1} << 20);
            out.write(reinterpret_cast<const char*>(bytes.data()),
                      static_cast<std::streamsize>(bytes.size()));
            return done;
        }
        const ReportFormat format =
            options.format.value_or(options.terminal.output ? ReportFormat::table : ReportFormat::csv);
        Report report(out, format,
                      {{.name = "name", .width = 24},
                       {.name = "group", .width = 8},
                       {.name = "aspect", .width = 10},
                       {.name = "size", .width = 10},
                       {.name = "title"}},
                      options.terminal.output ? options.terminal.columns : 0);
        const PresetList list = list_presets();
        for (const Preset& preset : list.presets) report.add(record_of(preset));
        report.finish();
        for (const std::string& refused : list.refused) say(err, refused);
        return list.refused.empty() ? done : some_files_failed;
    } catch (const Error& error) {
        say(err, error.what());
        return bad_usage;
    }
}

}  // namespace piaa::cli
