#include "commands/cache_command.h"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "cache/cache_file.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "run/cache_options.h"
#include "run/photo_options.h"

namespace piaa::cli {
namespace {

void write_contents(const boost::filesystem::path& file, std::ostream& out) {
    out << "file: " << printable(file.string()) << '\n';
    const auto contents = cache_contents(file);
    if (!contents) {
        out << "not there yet\n";
        return;
    }
    out << "size: " << (contents->bytes + (1U << 19)) / (1U << 20) << " MB\n"
        << "files known: " << contents->files << '\n';
    for (const auto& model : contents->models)
        out << "photos kept for model " << printable(model.name) << ": " << model.photos << '\n';
}

}  // namespace

void add_cache_command(CLI::App& app, std::function<void(const CacheCommandOptions&)> run) {
    auto* command = app.add_subcommand("cache", "What is kept between runs, so that no photo is read twice");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, CacheAction action) {
        auto* part = command->add_subcommand(name, help);
        auto options = std::make_shared<CacheCommandOptions>();
        options->action = action;
        add_cache_file_option(*part, options->file);
        if (action == CacheAction::merge)
            part->add_option("FILE", options->merged, "Caches of other machines and workers")
                ->required()
                ->type_name("");
        part->callback([options, run] { run(*options); });
    };
    add("info", "Where the cache is and what it holds", CacheAction::info);
    add("clear", "Empty the cache", CacheAction::clear);
    add("merge", "Put what other caches know into this one", CacheAction::merge);
}

int run_cache(const CacheCommandOptions& options, std::ostream& out, std::ostream& err) {
    return run_as_a_whole(err, [&]() -> int {
        const auto file = options.file.empty() ? default_cache_file() : options.file;
        if (file.empty())
            throw Error(ErrorCode::io,
                        "there is no cache folder: set HOME or XDG_CACHE_HOME, or use --cache");
        if (options.action == CacheAction::clear)
            clear_cache(file);
        else if (options.action == CacheAction::merge)
            for (const std::string& other : options.merged) merge_cache(file, other);
        else
            write_contents(file, out);
        return done;
    });
}

}  // namespace piaa::cli
