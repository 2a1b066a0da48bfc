#pragma once

#include <string>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json_fwd.hpp>

namespace piaa::cli {

/// Text as it is; bytes that are not UTF-8, which JSON cannot hold, as base64.
nlohmann::ordered_json as_json(const std::string& bytes);

/// The same back. Throws Error(bad_data), and what nlohmann's library throws.
std::string from_json(const nlohmann::ordered_json& value);

/// "size" and "time" of a file, by which it is known that was moved and comes back; {} where there is none.
nlohmann::ordered_json signs_of(const boost::filesystem::path& file);

/// Whether something has this name, be it a link to nothing.
bool is_there(const boost::filesystem::path& file);

}  // namespace piaa::cli
