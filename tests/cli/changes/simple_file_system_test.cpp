// piaa-batch as a real process on file systems that refuse what Linux' own can do.
#include <cerrno>
#include <ctime>
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

/// A folder of two photos, one with a sidecar that somebody rated, on such a file system.
struct Library {
    test::TemporaryFolder folder;
    std::string refuse;
    fs::path photos = folder / "in", out = folder / "out", log = folder / "log";
    Contents before;

    explicit Library(int error) : refuse(std::to_string(error)) {
        fs::create_directory(photos);
        for (const char* name : {"a", "b"})
            test::write_photo(test::random_pixels({90, 60}), photos / name, {.suffix = ".jpg"});
        fs::copy_file(fs::path(PIAA_TEST_DATA) / "sidecars/darktable.xmp", photos / "a.jpg.xmp");
        for (const auto& entry : fs::directory_iterator(photos))
            fs::last_write_time(entry.path(), 1'700'000'000);
        before = contents(photos);
    }
    test::ChildProcess::Ending run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), PIAA_BATCH);
        return test::ChildProcess(arguments,
                                  {{"LD_PRELOAD", PIAA_SIMPLE_FILE_SYSTEM}, {"PIAA_REFUSE", refuse}})
            .wait();
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

}  // namespace

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
        CHECK(contents(library.out).empty());
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
