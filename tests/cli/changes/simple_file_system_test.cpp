// piaa-batch as a real process on file systems that refuse what Linux' own can do.
#include <cerrno>
#include <ctime>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem.hpp>
#include <sys/stat.h>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

/// Bytes and times of all files.
using Contents = std::map<std::string, std::pair<std::string, std::time_t>>;

Contents contents(const fs::path& folder) {
    Contents all;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (fs::is_regular_file(entry.path()))
            all[entry.path().lexically_relative(folder).string()] = {test::read_bytes(entry.path()),
                                                                     fs::last_write_time(entry.path())};
    return all;
}

using Environment = std::map<std::string, std::string>;

/// A folder of two photos, one with a sidecar that somebody rated, on such a file system.
struct Library {
    test::TemporaryFolder folder;
    Environment environment;
    fs::path photos, out, log = folder / "log";
    Contents before;

    /// With calls that fail, all with one error.
    explicit Library(int error)
        : Library("", {{"LD_PRELOAD", PIAA_SIMPLE_FILE_SYSTEM}, {"PIAA_REFUSE", std::to_string(error)}}) {}
    /// On the file system of a place, where one is given.
    explicit Library(const fs::path& place, Environment more = {}) : environment(std::move(more)) {
        photos = (place.empty() ? folder.path() : place) / "in";
        out = (place.empty() ? folder.path() : place) / "out";
        fs::create_directory(photos);
        for (const char* name : {"a", "b"})
            test::write_photo(test::random_pixels({90, 60}), photos / name, {.suffix = ".jpg"});
        // Boost's copy_file() does not go from every file system to every other.
        test::write_bytes(photos / "a.jpg.xmp",
                          test::read_bytes(fs::path(PIAA_TEST_DATA) / "sidecars/darktable.xmp"));
        for (const auto& entry : fs::directory_iterator(photos))
            fs::last_write_time(entry.path(), 1'700'000'000);
        before = contents(photos);
    }
    test::ChildProcess::Ending run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), PIAA_BATCH);
        return test::ChildProcess(arguments, environment).wait();
    }
    test::ChildProcess::Ending score(const std::vector<std::string>& more) const {
        std::vector<std::string> all = {"score",      photos.string(),
                                        "--model",    test::write_tiny_model(folder.path()).string(),
                                        "--undo-log", log.string()};
        all.insert(all.end(), more.begin(), more.end());
        return run(all);
    }
    void check_undo() const {
        const auto ending = run({"undo", log.string()});
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
        CHECK(contents(photos) == before);
    }
};

/// A file system for a test, where the machine lets it be mounted.
struct Mount {
    test::TemporaryFolder folder;
    fs::path place = folder / "mounted";
    bool there;

    /// `command` mounts what is in $1 at $1/mounted.
    explicit Mount(const std::string& command) {
        fs::create_directory(place);
        there = shell(command) == 0;
    }
    ~Mount() { shell("umount $1/mounted $1/below || umount -l $1/mounted $1/below"); }
    Mount(const Mount&) = delete;
    Mount& operator=(const Mount&) = delete;

    int shell(const std::string& command) const {
        return test::ChildProcess({"/bin/sh", "-c", command, "sh", folder.path().string()}).wait().exit_code;
    }
};

}  // namespace

TEST_CASE("what is changed on an overlay and on FUSE is undone to the byte and time",
          "[simple_file_system]") {
    const std::string command =
        GENERATE(as<std::string>(),
                 "cd $1 && mkdir below && mount -t tmpfs none below && mkdir below/low below/up below/work "
                 "&& mount -t "
                 "overlay none -o lowerdir=below/low,upperdir=below/up,workdir=below/work mounted",
                 "cd $1 && mkdir below && mount -t tmpfs none below && bindfs below mounted");
    CAPTURE(command);
    const Mount mount(command);
    if (!mount.there) {
        std::cout << "[skipped] not mounted: " << command.substr(command.rfind("&& ") + 3) << '\n';
        return;
    }
    const Library library(mount.place);
    const auto changes =
        std::vector<std::vector<std::string>>{{"--xmp"},
                                              {"--xmp", "--into-originals"},
                                              {"--move-to", library.out.string()},
                                              {"--copy-to", library.out.string()},
                                              {"--move-to", (library.folder / "elsewhere").string()}};
    for (const auto& options : changes) {
        CAPTURE(options);
        fs::remove(library.log);
        const auto ending = library.score(options);
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
        library.check_undo();
    }
    const auto profile = (mount.place / "me.pt").string();
    for (const std::string option : {"--output", "--update"}) {
        const auto ending =
            library.run({"adapt", "--model", "lite", "--from-xmp", library.photos.string(), option, profile});
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
    }
}

TEST_CASE("copies, moves and sidecars work on file systems that refuse links, modes and safe renames",
          "[simple_file_system]") {
    const int error = GENERATE(ENOSYS, EPERM, ENOTSUP, EINVAL, EIO);
    CAPTURE(error);
    const Library library(error);
    SECTION("copies") {
        const auto ending = library.score({"--copy-to", library.out.string()});
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
        CHECK(contents(library.out) == library.before);
        library.check_undo();
        CHECK_FALSE(fs::exists(library.out));
    }
    SECTION("moves") {
        const auto ending = library.score({"--move-to", library.out.string()});
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
        CHECK(contents(library.photos).empty());
        CHECK(contents(library.out) == library.before);
        library.check_undo();
    }
    SECTION("nothing is replaced there either") {
        fs::create_directory(library.out);
        test::write_bytes(library.out / "a.jpg", "somebody's");
        CHECK(library.score({"--move-to", library.out.string()}).exit_code == 0);
        CHECK(test::read_bytes(library.out / "a.jpg") == "somebody's");
        CHECK(fs::exists(library.out / "a-2.jpg"));
        library.check_undo();
    }
    SECTION("sidecars, new and old, and photos themselves") {
        for (const bool inside : {false, true}) {
            fs::remove(library.log);
            auto arguments = std::vector<std::string>{"--xmp"};
            if (inside) arguments.emplace_back("--into-originals");
            const auto ending = library.score(arguments);
            INFO(ending.errors);
            CHECK(ending.exit_code == 0);
            CHECK(contents(library.photos) != library.before);
            library.check_undo();
        }
    }
    SECTION("a profile is saved and goes on") {
        const auto adapt = [&](const std::string& option) {
            const auto ending =
                library.run({"adapt", "--model", "lite", "--from-xmp", library.photos.string(), option,
                             (library.folder / "me.pt").string(), "--accept-ones"});
            INFO(ending.errors);
            CHECK(ending.exit_code == 0);
            CHECK(fs::exists(library.folder / "me.pt"));
            CHECK_FALSE(fs::exists(library.folder / ".me.pt.lock"));
        };
        adapt("--output");
        adapt("--update");
    }
}
