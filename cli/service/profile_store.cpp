#include "service/profile_store.h"

#include <algorithm>
#include <cctype>
#include <span>

#include <boost/filesystem/operations.hpp>

#include <piaa/base_model.h>
#include <piaa/error.h>
#include <piaa/profile_lock.h>
#include <piaa/whole_file.h>

#include "service/problem.h"

namespace fs = boost::filesystem;

namespace piaa::cli {

fs::path ProfileStore::file(const std::string& name) const {
    if (folder_.empty()) throw Problem{404, "no profiles are served; there is no --profiles"};
    const bool fit =
        !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '-' || c == '_';
        });
    if (!fit) throw Problem{400, "the name of a profile should be letters, digits, '-' and '_', 64 at most"};
    return folder_ / (name + ".pt");
}

fs::path ProfileStore::existing(const std::string& name) const {
    fs::path path = file(name);
    boost::system::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) throw Problem{404, "there is no profile '" + name + "'"};
    return path;
}

void ProfileStore::put(const std::string& name, const std::string& bytes, const Model& model) const {
    const fs::path target = file(name);
    const fs::path sent = folder_ / fs::unique_path("." + name + "-%%%%%%%%.pt");
    boost::system::error_code ignored;
    fs::create_directories(folder_, ignored);
    try {
        write_whole_file(sent, std::as_bytes(std::span(bytes)));
        require_base_model(load_profile(sent), model);
        const ProfileLock lock(target);
        fs::rename(sent, target);
    } catch (const Error& error) {
        fs::remove(sent, ignored);
        throw problem_of(called(called(error, sent, name), target, name));
    } catch (...) {
        fs::remove(sent, ignored);
        throw;
    }
}

}  // namespace piaa::cli
