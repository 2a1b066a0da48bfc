#include "changes/undo_values.h"

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <piaa/error.h>

#include "console/base64.h"
#include "console/escape.h"

namespace piaa::cli {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

Json as_json(const std::string& bytes) {
    if (is_utf8(bytes)) return bytes;
    return {{"base64", base64(bytes)}};
}

std::string from_json(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    const auto bytes = from_base64(value.at("base64").get<std::string>());
    if (!bytes) throw Error(ErrorCode::bad_data, "a value is no base64");
    return *bytes;
}

Json signs_of(const fs::path& file) {
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) return Json::object();
    return {{"size", status.st_size}, {"time", {status.st_mtim.tv_sec, status.st_mtim.tv_nsec}}};
}

bool is_there(const fs::path& file) {
    boost::system::error_code ignored;
    return fs::symlink_status(file, ignored).type() > fs::file_not_found;
}

}  // namespace piaa::cli
