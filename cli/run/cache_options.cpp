#include "run/cache_options.h"

#include <cstdlib>
#include <ostream>

#include <CLI/CLI.hpp>

#include <piaa/error.h>

#include "cache/feature_cache.h"
#include "console/escape.h"
#include "run/photo_options.h"
#include "shell/option_group.h"

namespace piaa::cli {

void add_cache_options(CLI::App& command, CacheOptions& options) {
    const OptionGroup group(command, "Cache");
    options.use = true;
    add_cache_file_option(command, options.file);
    command.add_flag_callback(
        "--no-cache", [&options] { options.use = false; }, "Neither use nor fill the cache");
    command
        .add_option("--cache-limit", options.limit, "Largest size of the cache, such as 500M or 20G; else 4G")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    command.add_flag("--verify-content", options.verify_content,
                     "Read each file again, whatever its size and time say");
}

void add_cache_file_option(CLI::App& command, boost::filesystem::path& file) {
    add_path_option(command, "--cache", file,
                    "The cache's file, in place of the one in the user's cache folder");
}

boost::filesystem::path default_cache_file() {
    const auto folder = [](const char* variable) -> boost::filesystem::path {
        const char* value = std::getenv(variable);
        // A relative one is to be ignored, says the XDG Base Directory Specification.
        return value != nullptr && *value == '/' ? value : "";
    };
    if (const auto cache = folder("XDG_CACHE_HOME"); !cache.empty())
        return cache / "piaa" / "features.sqlite";
    if (const auto home = folder("HOME"); !home.empty()) return home / ".cache" / "piaa" / "features.sqlite";
    return {};
}

std::unique_ptr<FeatureCache> open_cache(const CacheOptions& options, const Model& model, std::ostream& err) {
    if (!options.use) return nullptr;
    const auto file = options.file.empty() ? default_cache_file() : options.file;
    if (file.empty()) return nullptr;
    try {
        return std::make_unique<FeatureCache>(
            FeatureCachePlace{.file = file, .limit = options.limit, .by_stamp = !options.verify_content},
            model);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::io) throw;  // not the cache's trouble
        err << "piaa-batch: without a cache: " << printable(error.what()) << std::endl;
        return nullptr;
    }
}

}  // namespace piaa::cli
