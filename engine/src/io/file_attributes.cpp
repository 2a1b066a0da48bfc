#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>
#include <piaa/file_attributes.h>

namespace piaa {
namespace {

namespace fs = boost::filesystem;

constexpr const char* access_list = "system.posix_acl_access";

[[noreturn]] void fail(const fs::path& file) {
    throw Error(ErrorCode::io, file.string() + ": cannot read: " + std::strerror(errno));
}

/// Names of extended attributes; none where the file system has no such thing.
std::vector<std::string> names_of(int descriptor) {
    std::string all;
    for (int tries = 0; tries < 8; ++tries) {  // somebody may add one between the two calls
        const ssize_t size = ::flistxattr(descriptor, nullptr, 0);
        if (size <= 0) return {};
        all.resize(static_cast<std::size_t>(size));
        const ssize_t got = ::flistxattr(descriptor, all.data(), all.size());
        if (got < 0 && errno == ERANGE) continue;
        if (got < 0) return {};
        all.resize(static_cast<std::size_t>(got));
        break;
    }
    std::vector<std::string> names;
    for (std::size_t at = 0; at < all.size(); at += names.back().size() + 1)
        names.emplace_back(all.c_str() + at);
    return names;
}

std::optional<std::string> value_of(int descriptor, const std::string& name) {
    for (int tries = 0; tries < 8; ++tries) {
        const ssize_t size = ::fgetxattr(descriptor, name.c_str(), nullptr, 0);
        if (size < 0) return std::nullopt;
        std::string value(static_cast<std::size_t>(size), '\0');
        const ssize_t got = ::fgetxattr(descriptor, name.c_str(), value.data(), value.size());
        if (got < 0 && errno == ERANGE) continue;
        if (got < 0) return std::nullopt;
        value.resize(static_cast<std::size_t>(got));
        return value;
    }
    return std::nullopt;
}

/// Labels of security modules belong to the place more than to the file; nobody misses them.
bool is_missed(std::string_view name) {
    return name.starts_with("user.") || name == access_list;
}

int opened(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) fail(file);
    return descriptor;
}

}  // namespace

FileAttributes attributes_of(int descriptor, const fs::path& file) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail(file);
    FileAttributes all{.owner = status.st_uid,
                       .group = status.st_gid,
                       .mode = status.st_mode & 07777,
                       .modified_seconds = status.st_mtim.tv_sec,
                       .modified_nanoseconds = status.st_mtim.tv_nsec,
                       .extended = {}};
    for (const auto& name : names_of(descriptor))
        if (auto value = value_of(descriptor, name)) all.extended.emplace(name, std::move(*value));
    return all;
}

FileAttributes attributes_of(const fs::path& file) {
    const Descriptor descriptor(opened(file));
    return attributes_of(descriptor, file);
}

std::vector<std::string> set_attributes(int descriptor, const FileAttributes& attributes, bool with_time) {
    std::vector<std::string> missed;
    struct stat now {};
    if (::fstat(descriptor, &now) != 0) return {"owner"};
    // The owner first: changing it takes some permissions away.
    constexpr auto same = static_cast<uid_t>(-1);
    if (now.st_uid != attributes.owner && ::fchown(descriptor, attributes.owner, same) != 0)
        missed.emplace_back("owner");
    if (now.st_gid != attributes.group && ::fchown(descriptor, same, attributes.group) != 0)
        missed.emplace_back("group");
    for (const auto& [name, value] : attributes.extended)
        if (value_of(descriptor, name) != value &&
            ::fsetxattr(descriptor, name.c_str(), value.data(), value.size(), 0) != 0 && is_missed(name))
            missed.push_back(name);
    // A folder may give new files an access list of its own.
    if (!attributes.extended.contains(access_list) && value_of(descriptor, access_list))
        ::fremovexattr(descriptor, access_list);
    if (::fstat(descriptor, &now) == 0 && (now.st_mode & 07777) != attributes.mode) [[maybe_unused]]
        const int refused = ::fchmod(descriptor, attributes.mode);
    if (with_time) {
        // Both times: many FUSE file systems pass over a change of one of them without a word.
        const timespec times[] = {now.st_atim,
                                  {attributes.modified_seconds, attributes.modified_nanoseconds}};
        ::futimens(descriptor, times);
    }
    return missed;
}

std::vector<std::string> set_attributes(const fs::path& file, const FileAttributes& attributes,
                                        bool with_time) {
    const Descriptor descriptor(opened(file));
    return set_attributes(descriptor, attributes, with_time);
}

}  // namespace piaa
