#include "photos/photo_list.h"

#include <boost/filesystem/operations.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// What a list says, with names from the folder on.
std::vector<std::string> names(const PhotoList& list, const fs::path& folder) {
    std::vector<std::string> all;
    for (const auto& photo : list.photos) all.push_back(photo.file.lexically_relative(folder).string());
    return all;
}

}  // namespace

TEST_CASE("a folder is read with all below it, in path order", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    fs::create_directories(folder / "b/deep");
    for (const auto* name : {"b/deep/z.jpg", "b/1.png", "c.jpg", "a.jpg", "B.jpg", "b.jpg", "notes.txt"})
        piaa::test::write_bytes(folder / name, "x");

    const PhotoList list = list_photos({folder.path().string()});
    CHECK(names(list, folder.path()) == std::vector<std::string>{"B.jpg", "a.jpg", "b.jpg", "b/1.png",
                                                                 "b/deep/z.jpg", "c.jpg", "notes.txt"});
    CHECK(list.errors.empty());
    CHECK(list.photos.front().expected);
    CHECK_FALSE(list.photos.back().expected);  // no image's suffix, and not named by hand
}

TEST_CASE("a path given twice, or with its folder, is listed once", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    piaa::test::write_bytes(folder / "a.jpg", "x");
    piaa::test::write_bytes(folder / "b", "x");
    const auto list =
        list_photos({folder.path().string(), (folder / "a.jpg").string(), (folder / "./b").string(),
                     (folder / "b").string(), folder.path().string() + "/"});
    REQUIRE(list.photos.size() == 2);
    CHECK(list.photos[1].expected);  // it was also named by hand
}

TEST_CASE("symbolic links are followed, but not in circles", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    fs::create_directories(folder / "inside");
    piaa::test::write_bytes(folder / "inside/a.jpg", "x");
    fs::create_symlink(folder.path(), folder / "inside/back");
    fs::create_symlink("self", folder / "self");
    fs::create_symlink("nowhere.jpg", folder / "dangling.jpg");
    fs::create_symlink("inside", folder / "again");

    const auto list = list_photos({folder.path().string()});
    CHECK(names(list, folder.path()) == std::vector<std::string>{"inside/a.jpg"});
    std::vector<std::string> errors;
    for (const auto& error : list.errors) errors.emplace_back(error.what());
    std::sort(errors.begin(), errors.end());
    CHECK(errors ==
          std::vector<std::string>{
              (folder / "dangling.jpg").string() + ": No such file or directory",
              (folder / "inside/back").string() + ": is a symbolic link back to a folder that it is in",
              (folder / "self").string() + ": Too many levels of symbolic links"});
}

TEST_CASE("pipes and devices are left out of folders, and errors when named", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    REQUIRE(::mkfifo((folder / "pipe.jpg").c_str(), 0600) == 0);
    CHECK(list_photos({folder.path().string()}).skipped == 1);
    const auto named = list_photos({(folder / "pipe.jpg").string()});
    REQUIRE(named.errors.size() == 1);
    CHECK(std::string(named.errors.front().what()) ==
          (folder / "pipe.jpg").string() + ": is a pipe, socket or device and should be a file or folder");
}

TEST_CASE("a folder that may not be read is one error", "[photo_list]") {
    if (::geteuid() != 0) return;  // as root, to become somebody who may not
    const piaa::test::TemporaryFolder folder;
    fs::create_directories(folder / "closed");
    piaa::test::write_bytes(folder / "open.jpg", "x");
    REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
    REQUIRE(::chmod((folder / "closed").c_str(), 0) == 0);
    REQUIRE(::seteuid(65534) == 0);
    const auto list = list_photos({folder.path().string()});
    REQUIRE(::seteuid(0) == 0);
    CHECK(list.photos.size() == 1);
    REQUIRE(list.errors.size() == 1);
    CHECK(std::string(list.errors.front().what()) == (folder / "closed").string() + ": Permission denied");
}

TEST_CASE("a link to a photo that is listed anyway is passed over, whatever its name", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    fs::create_directories(folder / "z/deep");
    for (const auto* name : {"z/deep/a.jpg", "z/b.jpg", "c.jpg"})
        piaa::test::write_bytes(folder / name, name);
    fs::create_directory(folder / "best");
    fs::create_symlink("../z/deep/a.jpg", folder / "best/a.jpg");
    fs::create_symlink(folder / "z/b.jpg", folder / "0.jpg");
    fs::create_symlink("0.jpg", folder / "00.jpg");
    fs::create_symlink("z", folder / "a folder");
    fs::create_hard_link(folder / "c.jpg", folder / "z/c.jpg");

    const auto list = list_photos({folder.path().string()});
    CHECK(names(list, folder.path()) == std::vector<std::string>{"c.jpg", "z/b.jpg", "z/deep/a.jpg"});
    CHECK(list.links == 4);
    CHECK(list.photos[1].links == std::vector<fs::path>{folder / "0.jpg", folder / "00.jpg"});
    CHECK(list.errors.empty());
    // By hand as well, and whichever comes first; a link whose photo is not listed is a photo.
    const std::vector<std::string> both = {(folder / "0.jpg").string(), (folder / "z").string()};
    CHECK(names(list_photos(both), folder.path()) ==
          std::vector<std::string>{"z/b.jpg", "z/c.jpg", "z/deep/a.jpg"});
    CHECK(list_photos({(folder / "best").string()}).photos.size() == 1);
}

TEST_CASE("bins and thumbnails are read only where they are named", "[photo_list]") {
    const piaa::test::TemporaryFolder folder;
    for (const auto* name :
         {"a.jpg", "day/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", ".Trash-1000/files/deleted.jpg",
          ".dtrash/files/deleted.jpg", "day/.thumbs/a.jpg", "Trash-can/b.jpg", "thumbnails/c.jpg"}) {
        fs::create_directories((folder / name).parent_path());
        piaa::test::write_bytes(folder / name, name);
    }
    fs::create_directory_symlink(".dtrash", folder / "@Recycle");
    CHECK(names(list_photos({folder.path().string()}), folder.path()) ==
          std::vector<std::string>{"Trash-can/b.jpg", "a.jpg", "thumbnails/c.jpg"});
    CHECK(list_photos({(folder / ".Trash-1000").string()}).photos.size() == 1);
    CHECK(list_photos({(folder / "day/@eaDir").string(), folder.path().string()}).photos.size() == 4);
}
