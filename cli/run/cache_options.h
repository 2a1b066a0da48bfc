#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>

namespace CLI {
class App;
}

namespace piaa::cli {

class FeatureCache;

/// Whether and where what was found out about photos is kept between runs.
struct CacheOptions {
    bool use = false;
    boost::filesystem::path file;                  ///< empty: default_cache_file()
    std::uint64_t limit = std::uint64_t{4} << 30;  ///< bytes of the file
    bool verify_content = false;                   ///< read every file again, whatever its stamp says
};

/// --cache, --no-cache, --cache-limit, --verify-content. With them the cache is used unless refused.
void add_cache_options(CLI::App& command, CacheOptions& options);

/// --cache alone, for commands about the cache itself.
void add_cache_file_option(CLI::App& command, boost::filesystem::path& file);

/// features.sqlite in the user's cache folder; empty when the system names no such folder.
boost::filesystem::path default_cache_file();

/// The cache the options name, for one model. Nothing when it is not wanted or, after a line on err, when it
/// cannot be had: a run never fails because of it.
std::unique_ptr<FeatureCache> open_cache(const CacheOptions& options, const Model& model, std::ostream& err);

}  // namespace piaa::cli
