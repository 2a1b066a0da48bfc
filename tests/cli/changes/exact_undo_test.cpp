// Every way to write, over a library of everything, by the program itself: undo gives back each file with all
// that it had.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <piaa/file_attributes.h>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/dng.h"
#include "support/other_device.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace std::string_literals;
namespace fs = boost::filesystem;

namespace {

/// Bytes, or what a link says; owner, group, mode, time; extended attributes, access lists among them.
using Everything = std::tuple<std::string, std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t,
                              std::int64_t, std::map<std::string, std::string>>;

std::map<std::string, Everything> library(const fs::path& folder) {
    std::map<std::string, Everything> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const fs::path& file = entry.path();
        struct stat status {};
        REQUIRE(::lstat(file.c_str(), &status) == 0);
        if (S_ISDIR(status.st_mode)) continue;
        const bool link = S_ISLNK(status.st_mode);
        all[file.lexically_relative(folder).string()] = {
            link ? fs::read_symlink(file).string() : test::read_bytes(file),
            status.st_uid,
            status.st_gid,
            status.st_mode,
            status.st_mtim.tv_sec,
            status.st_mtim.tv_nsec,
            link ? std::map<std::string, std::string>() : attributes_of(file).extended};
    }
    return all;
}

/// An access list that lets one other person read.
std::string access_list() {
    std::string bytes = "\2\0\0\0"s;
    const auto entry = [&](char tag, char allowed, char who) {
        bytes += tag + "\0"s + allowed + "\0"s + (who < 0 ? "\xff\xff\xff\xff"s : "\xe8\3\0\0"s);
    };
    entry(1, 6, -1);
    entry(2, 4, 0);
    entry(4, 4, -1);
    entry(16, 6, -1);
    entry(32, 0, -1);
    return bytes;
}

/// Gives every file what it would be a pity to lose, as far as the place and the user can.
void mark(const fs::path& folder) {
    int number = 0;
    bool all = true;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string file = entry.path().string();
        if (fs::is_directory(entry.symlink_status())) continue;
        ++number;
        if (!fs::is_symlink(entry.symlink_status())) {
            const std::string list = access_list(), tags = "lake," + std::to_string(number);
            all = ::setxattr(file.c_str(), "user.xdg.tags", tags.data(), tags.size(), 0) == 0 && all;
            REQUIRE(::chmod(file.c_str(), number % 2 == 0 ? 0640 : 0604) == 0);
            if (number % 3 != 0)
                all = ::setxattr(file.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) == 0 &&
                      all;
        }
        if (::geteuid() == 0)
            REQUIRE(::lchown(file.c_str(), static_cast<uid_t>(1230 + number),
                             static_cast<gid_t>(1300 + number)) == 0);
        const struct timespec times[2] = {{1'600'000'000 + number, 0}, {1'600'000'000 + number, 123'456'789}};
        REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
    }
    if (!all)
        std::cout << "this place keeps no extended attributes or no access lists; the rest is checked\n";
}

/// JPEGs with and without sidecars, a pair with a RAW file, a PNG, a TIFF, links, accents in two forms.
void fill(const fs::path& folder) {
    fs::create_directories(folder / "sub");
    const auto photo = [&](const std::string& name, int seed, const std::string& suffix) {
        const Image image = test::painted({120, 80}, [seed](int x, int y) {
            const int value = (x * (2 + seed) + y * 3 + (x * y) % (7 + seed)) % 256;
            return test::Colour{value, 255 - value, (value + 60 * seed) % 256};
        });
        test::write_photo(image, folder / name, {.suffix = suffix});
    };
    photo("a", 1, ".jpg");
    photo("b", 2, ".png");
    photo("c", 3, ".tif");
    photo("sub/d", 4, ".jpg");
    photo("Caf\xc3\xa9", 5, ".jpg");
    photo("IMG_1", 6, ".jpg");
    test::write_bytes(
        folder / "IMG_1.dng",
        test::dng_bytes(test::disc({120, 80}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}), "", {}));
    const auto sidecar = [&](const std::string& name, const std::string& made_by) {
        test::write_bytes(folder / name,
                          test::read_bytes(fs::path(PIAA_TEST_DATA) / "sidecars" / (made_by + ".xmp")));
    };
    sidecar("a.jpg.xmp", "darktable");
    sidecar("b.xmp", "lightroom");
    sidecar("Cafe\xcc\x81.jpg.xmp", "digikam");
    sidecar("IMG_1.xmp", "lightroom");
    test::write_bytes(folder / "IMG_1.dng.pp3", "[General]\nRank=4\n");
    fs::create_symlink("../a.jpg", folder / "sub/link.jpg");
}

}  // namespace

TEST_CASE(
    "undo gives back bytes, owner, group, mode, times, attributes and access lists, whatever was written",
    "[exact_undo]") {
    const test::TemporaryFolder folder;
    const test::OtherDevice other;
    const fs::path in = folder / "in", log = folder / "log";
    fill(in);
    mark(in);
    const auto before = library(in);
    const auto run = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), PIAA_BATCH);
        const auto ending = test::ChildProcess(arguments).wait();
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
    };
    using Options = std::vector<std::string>;
    std::vector<Options> ways = {
        {"score", "--xmp"},
        {"score", "--xmp", "--overwrite-rating", "--label", "Green>=1", "--keyword", "piaa:"},
        {"score", "--xmp", "--into-originals", "--overwrite-rating"},
        {"score", "--move-to", (folder / "best").string()},
        {"score", "--copy-to", (folder / "best").string()},
        {"score", "--link-to", (folder / "best").string()},
        {"score", "--xmp", "--move-to", (folder / "best").string()},
        {"crop", "--xmp", "--crs", "--force", "--no-faces"},
        {"pick", "--xmp", "--label", "Green", "--accept", "--reject"}};
    if (!other.folder.empty()) {
        ways.push_back({"score", "--move-to", (other.folder / "best").string()});
        ways.push_back({"score", "--copy-to", (other.folder / "best").string()});
    }
    for (const auto& way : ways) {
        CAPTURE(way);
        fs::remove(log);
        std::vector<std::string> arguments = way;
        arguments.insert(arguments.begin() + 1, {in.string(), "--model", "lite", "--undo-log", log.string()});
        run(arguments);
        REQUIRE(fs::exists(log));
        const auto after = library(in);
        const bool elsewhere = way[1] == "--copy-to" || way[1] == "--link-to";
        CHECK((after != before) == !elsewhere);
        run({"undo", log.string()});
        const auto now = library(in);
        for (const auto& [name, everything] : before) {
            CAPTURE(name);
            REQUIRE(now.contains(name));
            CHECK(now.at(name) == everything);
        }
        CHECK(now.size() == before.size());
        for (const auto& place : {folder / "best", other.folder / "best"})
            if (fs::exists(place)) CHECK(fs::is_empty(place));
    }
}
