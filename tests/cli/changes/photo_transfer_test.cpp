#include "changes/photo_transfer.h"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <boost/algorithm/string/erase.hpp>
#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <linux/fs.h>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/error.h>

#include "changes/safe_file.h"
#include "photos/file_hash.h"
#include "support/catch.h"
#include "support/other_device.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

struct Shelf {
    test::TemporaryFolder folder;
    std::ostringstream err;
    fs::path target = folder / "best";
    fs::path log;
    int runs = 0;

    fs::path file(const std::string& name, const std::string& bytes) const {
        fs::create_directories((folder / name).parent_path());
        test::write_bytes(folder / name, bytes);
        return folder / name;
    }
    void bring(TransferKind kind, const std::vector<fs::path>& photos, bool dry_run = false) {
        log = folder / ("log" + std::to_string(++runs));
        UndoLog undo_log(log, "score");
        PhotoTransfer transfer(kind, target, dry_run, undo_log, err);
        for (const auto& photo : list_photos({(folder / "in").string()}).photos) transfer.know(photo);
        for (const auto& photo : photos) transfer.take({{"path", photo.string()}});
        transfer.finish(err, false);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        if (!fs::exists(target)) return all;
        for (const auto& entry : fs::directory_iterator(target))
            all.push_back(entry.path().filename().string());
        std::sort(all.begin(), all.end());
        return all;
    }
};

std::string attribute(const fs::path& file, const char* name) {
    char value[64];
    const auto size = ::getxattr(file.c_str(), name, value, sizeof value);
    return size < 0 ? "" : std::string(value, static_cast<std::size_t>(size));
}

/// A file that nobody may take away, where the file system and the user can say so.
struct Immutable {
    fs::path file;
    bool there;

    explicit Immutable(const fs::path& path) : file(path), there(set(FS_IMMUTABLE_FL)) {}
    ~Immutable() {
        if (there) set(0);
    }
    Immutable(const Immutable&) = delete;
    Immutable& operator=(const Immutable&) = delete;

    bool set(int flag) const {
        const Descriptor descriptor(::open(file.c_str(), O_RDONLY));
        int flags = 0;
        if (::ioctl(descriptor, FS_IOC_GETFLAGS, &flags) != 0) return false;
        flags = (flags & ~FS_IMMUTABLE_FL) | flag;
        return ::ioctl(descriptor, FS_IOC_SETFLAGS, &flags) == 0;
    }
};

/// Owner and time of a link itself.
std::tuple<uid_t, gid_t, std::time_t> marks_of_link(const fs::path& link) {
    struct stat status {};
    REQUIRE(::lstat(link.c_str(), &status) == 0);
    return {status.st_uid, status.st_gid, status.st_mtime};
}

void mark_link(const fs::path& link, std::time_t time) {
    const struct timespec times[2] = {{time, 0}, {time, 0}};
    REQUIRE(::utimensat(AT_FDCWD, link.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
    if (::geteuid() == 0) REQUIRE(::lchown(link.c_str(), 1234, 1235) == 0);
}

}  // namespace

TEST_CASE("a photo comes with its sidecar, and undo takes both back", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    const std::string name = GENERATE("a.jpg", "odd \"näme\"\n\xff.jpg");
    const fs::path photo = shelf.file("in/" + name, "pixels");
    const fs::path sidecar = shelf.file("in/" + name + ".xmp", "stars");
    shelf.bring(kind, {photo});
    CHECK(test::read_bytes(shelf.target / name) == "pixels");
    CHECK(test::read_bytes(shelf.target / (name + ".xmp")) == "stars");
    CHECK(fs::exists(photo) == (kind != TransferKind::move));
    CHECK(fs::is_symlink(shelf.target / name) == (kind == TransferKind::link));

    CHECK(undo(shelf.log, true, shelf.err).restored == 2);
    CHECK(shelf.names().size() == 2);
    CHECK(undo(shelf.log, false, shelf.err).restored == 2);
    CHECK(shelf.names().empty());
    CHECK(test::read_bytes(photo) == "pixels");
    CHECK(test::read_bytes(sidecar) == "stars");
    CHECK(undo(shelf.log, false, shelf.err).nothing_to_do == 2);
}

TEST_CASE("whatever belongs to a photo comes along, and nothing else", "[transfer]") {
    Shelf shelf;
    const std::set<std::string> of_photo = {"IMG_1.jpg",
                                            "IMG_1.Heic",
                                            "IMG_1.Dng",
                                            "IMG_1.xmp",
                                            "IMG_1.jpg.xmp",
                                            "IMG_1.MOV",
                                            "IMG_1.MOV.xmp",
                                            "IMG_1.AAE",
                                            "IMG_1.Dng.dop",
                                            "IMG_1.jpg.dop",
                                            "IMG_1.on1",
                                            "IMG_1.Dng.pp3",
                                            "IMG_1.jpg.out.pp3",
                                            "IMG_1.WAV",
                                            "IMG_1.vrd",
                                            "IMG_1_01.jpg.xmp",
                                            "IMG_1_02.Dng.xmp",
                                            "IMG_1.jpg.json",
                                            "IMG_1.jpg.supplemental-metadata.json",
                                            "IMG_1.jpg.suppl.json",
                                            "IMG_1.acr",
                                            "IMG_1.Dng.nksc"};
    const std::set<std::string> of_others = {"IMG_1.png",         "IMG_1.png.xmp",
                                             "IMG_10.jpg",        "IMG_10.mov",
                                             "IMG_1_01.jpg.pp3x", "IMG_1.json",
                                             "IMG_1-edit.xmp",    "IMG_1.txt",
                                             "IMG_1.jpg(1).json", "IMG_1.jpg.supper.json",
                                             "IMG_1.jp.json",     "IMG_1.jpg.supplemental-metadata(1).json"};
    for (const auto* names : {&of_photo, &of_others})
        for (const auto& name : *names) shelf.file("in/" + name, name);
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    shelf.bring(kind, {shelf.folder / "in/IMG_1.jpg"});
    const auto names = shelf.names();
    CHECK(std::set<std::string>(names.begin(), names.end()) == of_photo);
    CHECK(undo(shelf.log, false, shelf.err).refused == 0);
    CHECK(shelf.names().empty());
    for (const auto& name : of_photo) CHECK(test::read_bytes(shelf.folder / "in" / name) == name);
}

TEST_CASE("Google's notes come along with photos of a number and of a long name", "[transfer]") {
    Shelf shelf;
    const std::string letters(43, 'L');
    const std::map<std::string, std::set<std::string>> photos = {
        {"a.jpg", {"a.jpg.json"}},
        {"a(1).jpg", {"a.jpg(1).json"}},
        {"a(2).jpg", {"a.jpg.supplemental-metadata(2).json", "a(2).jpg.json"}},
        {letters + ".jpg", {letters + ".jp.json"}},
        {letters + "2.jpg", {letters + "2.j.json"}}};
    for (const auto& [photo, notes] : photos) {
        shelf.file("in/" + photo, "pixels");
        for (const auto& note : notes) shelf.file("in/" + note, note);
    }
    for (auto [photo, all] : photos) {
        CAPTURE(photo);
        shelf.bring(TransferKind::move, {shelf.folder / "in" / photo});
        all.insert(photo);
        const auto names = shelf.names();
        CHECK(std::set<std::string>(names.begin(), names.end()) == all);
        CHECK(undo(shelf.log, false, shelf.err).restored == all.size());
    }
    // Where the photo's name is taken, its note has the same number.
    shelf.file("best/a(1).jpg", "others");
    shelf.file("best/a.jpg(1).json", "of others");
    shelf.bring(TransferKind::move, {shelf.folder / "in/a(1).jpg"});
    CHECK(test::read_bytes(shelf.target / "a(1)-2.jpg") == "pixels");
    CHECK(test::read_bytes(shelf.target / "a.jpg(1)-2.json") == "a.jpg(1).json");
}

TEST_CASE("undo takes away the folders that were made for photos, unless something else is in them",
          "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    const bool visited = GENERATE(false, true), was_there = GENERATE(false, true);
    shelf.target = shelf.folder / "chosen/best";
    if (was_there) fs::create_directories(shelf.target);
    shelf.bring(kind, {shelf.file("in/a.jpg", "pixels"), shelf.file("in/b.jpg", "others")});
    if (visited) shelf.file("chosen/note.txt", "mine");
    CHECK(undo(shelf.log, true, shelf.err).restored == 2);
    CHECK(shelf.names().size() == 2);
    const UndoSummary undone = undo(shelf.log, false, shelf.err);
    CHECK(undone.restored == 2);
    CHECK(undone.refused == 0);
    CHECK(fs::exists(shelf.target) == was_there);
    CHECK(fs::exists(shelf.folder / "chosen") == (was_there || visited));
    CHECK(fs::exists(shelf.folder / "in/a.jpg"));
    CHECK(undo(shelf.log, false, shelf.err).nothing_to_do == 2);
}

TEST_CASE("a photo that cannot be taken away is not left in two places", "[transfer]") {
    Shelf shelf;
    const test::OtherDevice other;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    const Immutable kept(photo);
    if (other.folder.empty() || !kept.there) {
        std::cout << "[skipped] no file can be made immutable here\n";
        return;
    }
    shelf.file("in/a.jpg.xmp", "stars");
    shelf.target = other.folder / "m";
    struct stat here {
    }, there{};
    REQUIRE((::stat(shelf.folder.path().c_str(), &here) == 0 && ::stat(other.folder.c_str(), &there) == 0));
    const char* told = here.st_dev == there.st_dev ? "a.jpg: cannot be moved" : "a.jpg: cannot be removed";
    CHECK_THROWS_WITH(shelf.bring(TransferKind::move, {photo}), ContainsSubstring(told));
    CHECK(shelf.names().empty());
    CHECK(test::read_bytes(photo) == "pixels");
    CHECK(undo(shelf.log, false, shelf.err).nothing_to_do == 1);
}

TEST_CASE("a sidecar that the same run makes comes along, of every photo", "[transfer]") {
    Shelf shelf;
    const std::vector<fs::path> photos = {shelf.file("in/a.jpg", "a"), shelf.file("in/b.jpg", "b")};
    UndoLog log(shelf.folder / "log", "score");
    PhotoTransfer transfer(TransferKind::copy, shelf.target, false, log, shelf.err);
    for (const auto& photo : photos) {
        shelf.file("in/" + photo.filename().string() + ".xmp", "stars");
        transfer.take({{"path", photo.string()}});
    }
    CHECK(shelf.names() == std::vector<std::string>{"a.jpg", "a.jpg.xmp", "b.jpg", "b.jpg.xmp"});
}

TEST_CASE("nothing is replaced: another photo of the same name gets a number", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    const fs::path one = shelf.file("one/a.jpg", "1"), two = shelf.file("two/a.jpg", "2");
    shelf.file("two/a.xmp", "stars of two");
    shelf.file("best/a.jpg", "somebody's");
    shelf.bring(kind, {one, two});
    CHECK(shelf.names() == std::vector<std::string>{"a-2.jpg", "a-3.jpg", "a-3.xmp", "a.jpg"});
    CHECK(test::read_bytes(shelf.target / "a.jpg") == "somebody's");
    CHECK(test::read_bytes(shelf.target / "a-2.jpg") == "1");
    CHECK(test::read_bytes(shelf.target / "a-3.xmp") == "stars of two");
}

TEST_CASE("what is there already is not brought twice", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::link);
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    shelf.bring(kind, {photo});
    shelf.bring(kind, {photo});
    CHECK(shelf.names() == std::vector<std::string>{"a.jpg"});
    CHECK_FALSE(fs::exists(shelf.log));
    CHECK_THAT(shelf.err.str(), ContainsSubstring("1 file was there already"));
}

TEST_CASE("photos that are in the folder already stay as they are there", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    const fs::path photo = shelf.file("best/a.jpg", "pixels");
    shelf.bring(kind, {photo});
    CHECK(shelf.names() == std::vector<std::string>{"a.jpg"});
    CHECK(test::read_bytes(photo) == "pixels");
}

TEST_CASE("a dry run tells two names for two photos and makes neither", "[transfer]") {
    Shelf shelf;
    shelf.bring(TransferKind::move, {shelf.file("one/a.jpg", "1"), shelf.file("two/a.jpg", "2")}, true);
    CHECK_FALSE(fs::exists(shelf.target));
    CHECK_THAT(shelf.err.str(), ContainsSubstring("best/a.jpg\n") && ContainsSubstring("best/a-2.jpg\n"));
}

TEST_CASE("undo leaves copies that were changed, and those whose original is gone", "[transfer]") {
    Shelf shelf;
    const fs::path changed = shelf.file("in/a.jpg", "a"), lost = shelf.file("in/b.jpg", "b");
    shelf.bring(TransferKind::copy, {changed, lost});
    test::write_bytes(shelf.target / "a.jpg", "painted over");
    fs::remove(lost);
    CHECK(undo(shelf.log, false, shelf.err).refused == 2);
    CHECK(shelf.names().size() == 2);
}

TEST_CASE("a copy that does not read back the same is not kept", "[transfer]") {
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    fs::create_directory(shelf.target);
    CHECK_THROWS_AS(copy_file(photo, shelf.target / "a.jpg", sha256_of("other pixels")), Error);
    CHECK(shelf.names().empty());
    test::write_bytes(shelf.target / "a.jpg", "somebody's");
    CHECK_THROWS_AS(copy_file(photo, shelf.target / "a.jpg", sha256_of("pixels")), Error);
    CHECK_THROWS_AS(move_file(photo, shelf.target / "a.jpg"), Error);
    CHECK_THROWS_AS(link_file(photo, shelf.target / "a.jpg"), Error);
    CHECK(test::read_bytes(shelf.target / "a.jpg") == "somebody's");
    CHECK(test::read_bytes(photo) == "pixels");
    CHECK(shelf.names().size() == 1);
}

TEST_CASE("a copy keeps time and permissions", "[transfer]") {
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    fs::last_write_time(photo, 1'000'000'000);
    fs::permissions(photo, fs::owner_read);
    shelf.bring(TransferKind::copy, {photo});
    CHECK(fs::last_write_time(shelf.target / "a.jpg") == 1'000'000'000);
    CHECK(fs::status(shelf.target / "a.jpg").permissions() == fs::owner_read);
}

TEST_CASE("no undo log, no undo: other files are refused whole, torn ends are passed over", "[transfer]") {
    Shelf shelf;
    for (const char* text : {"hello\n", "{}\n", "{\"piaa_undo\":2}\n", "{\"piaa_undo\":1}\nhello\n", "[1]\n"})
        CHECK_THROWS_AS(undo(shelf.file("log", text), false, shelf.err), Error);
    CHECK_THROWS_AS(undo(shelf.folder / "nowhere", false, shelf.err), Error);
    const auto nothing = undo(shelf.file("empty", ""), false, shelf.err);
    CHECK(nothing.restored + nothing.nothing_to_do + nothing.refused == 0);
    shelf.bring(TransferKind::copy, {shelf.file("in/a.jpg", "a")});
    test::write_bytes(shelf.log, test::read_bytes(shelf.log) + "{\"did\":\"cop");
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    const auto odd = shelf.file("odd", "{\"piaa_undo\":1}\n{\"did\":\"format disk\"}\n{\"did\":\"copy\"}\n");
    CHECK(undo(odd, false, shelf.err).refused == 2);
    // A log that is there is not written over.
    CHECK_THROWS_AS(UndoLog(odd, "score"), Error);
}

TEST_CASE("a folder that is a file is refused before the first photo", "[transfer]") {
    Shelf shelf;
    shelf.file("best", "");
    CHECK_THROWS_AS(shelf.bring(TransferKind::copy, {}), Error);
}

TEST_CASE("every file of a photo comes along, and nothing of another one", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move, TransferKind::link);
    const std::vector<std::string> own = {"I.DNG",        "I.DNG.pp3",   "I.DNG.xmp", "I.HEIC",
                                          "I.JPG",        "I.JPG.xmp",   "I.aae",     "I.xmp",
                                          "I_01.JPG.xmp", "I_02.DNG.xmp"};
    const std::vector<std::string> others = {"I.png",        "I.png.xmp",   "I_03.JPG",
                                             "I_03.JPG.xmp", "I_x.JPG.xmp", "I2.xmp"};
    for (const auto& name : own) shelf.file("in/" + name, name);
    for (const auto& name : others) shelf.file("in/" + name, name);
    // Dry run and run say and do the same.
    shelf.bring(kind, {shelf.folder / "in/I.JPG", shelf.folder / "in/I.DNG"}, true);
    for (const auto& name : own) CHECK_THAT(shelf.err.str(), ContainsSubstring("best/" + name + "\n"));
    CHECK_THAT(shelf.err.str(), ContainsSubstring("1 photo (10 files) would be "));
    shelf.bring(kind, {shelf.folder / "in/I.JPG", shelf.folder / "in/I.DNG"});
    CHECK(shelf.names() == own);
    // Without the temporary folder, whose name may begin with a 2.
    CHECK_THAT(boost::erase_all_copy(shelf.err.str(), shelf.folder.path().string()),
               ContainsSubstring("best\n") && !ContainsSubstring("-2"));
    CHECK(undo(shelf.log, false, shelf.err).restored == own.size());
    CHECK(shelf.names().empty());
    for (const auto& name : own) CHECK(test::read_bytes(shelf.folder / "in" / name) == name);
}

TEST_CASE("pipes and folders of a sidecar's name are no sidecars", "[transfer]") {
    Shelf shelf;
    const auto kind = GENERATE(TransferKind::copy, TransferKind::move);
    shelf.file("in/I.jpg", "photo");
    REQUIRE(::mkfifo((shelf.folder / "in/I.jpg.xmp").c_str(), 0600) == 0);
    REQUIRE(::mkfifo((shelf.folder / "in/I.dng").c_str(), 0600) == 0);
    fs::create_directory(shelf.folder / "in/I.xmp");
    fs::create_symlink("I.jpg.xmp", shelf.folder / "in/I.jpg.pp3");
    shelf.bring(kind, {shelf.folder / "in/I.jpg"});
    CHECK(shelf.names() == std::vector<std::string>{"I.jpg"});
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    CHECK(fs::is_directory(shelf.folder / "in/I.xmp"));
}

TEST_CASE("a photo of which one file cannot be read stays where it is, whole", "[transfer]") {
    if (::geteuid() != 0) return;  // as root, to become somebody who may not read all
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels"), closed = shelf.file("in/a.xmp", "closed");
    fs::permissions(closed, fs::no_perms);
    fs::create_directory(shelf.target);
    for (const auto& folder : {shelf.folder.path(), shelf.folder / "in", shelf.target})
        REQUIRE(::chmod(folder.c_str(), 0777) == 0);
    REQUIRE(::seteuid(65534) == 0);
    CHECK_THROWS_AS(shelf.bring(TransferKind::copy, {photo}), Error);
    REQUIRE(::seteuid(0) == 0);
    CHECK(shelf.names().empty());
    CHECK(test::read_bytes(photo) == "pixels");
}

TEST_CASE("a moved photo takes its links along, and a moved link stays one that leads somewhere",
          "[transfer]") {
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels"), sidecar = shelf.file("in/a.jpg.xmp", "stars");
    fs::create_directories(shelf.folder / "in/best");
    const fs::path link = shelf.folder / "in/best/a.jpg", beside = shelf.folder / "in/best/a.jpg.xmp";
    fs::create_symlink("../a.jpg", link);
    fs::create_symlink(sidecar, beside);
    for (const auto& each : {link, beside}) mark_link(each, 1'000'000'000);
    const auto marks = marks_of_link(link);
    shelf.bring(TransferKind::move, {photo});
    CHECK_FALSE(fs::is_symlink(shelf.target / "a.jpg"));
    CHECK(test::read_bytes(link) == "pixels");
    CHECK(test::read_bytes(beside) == "stars");
    CHECK_THAT(shelf.err.str(), ContainsSubstring("2 links to them lead to the new place"));
    CHECK(undo(shelf.log, false, shelf.err).restored == 4);
    CHECK(fs::read_symlink(link) == "../a.jpg");
    CHECK(test::read_bytes(link) == "pixels");
    for (const auto& each : {link, beside}) CHECK(marks_of_link(each) == marks);

    shelf.bring(TransferKind::move, {link});
    CHECK(marks_of_link(shelf.target / "a.jpg") == marks);
    CHECK(test::read_bytes(shelf.target / "a.jpg") == "pixels");
    CHECK(test::read_bytes(photo) == "pixels");
    CHECK_FALSE(fs::is_symlink(link));
    undo(shelf.log, false, shelf.err);
    CHECK(fs::read_symlink(link) == "../a.jpg");
    CHECK(marks_of_link(link) == marks);
    CHECK(test::read_bytes(beside) == "stars");
}

TEST_CASE("a link to a link that moves leads on", "[transfer]") {
    Shelf shelf;
    shelf.file("lib/a.jpg", "pixels");
    fs::create_directories(shelf.folder / "in");
    const fs::path link = shelf.folder / "in/a.jpg", chain = shelf.folder / "in/b.jpg";
    fs::create_symlink("../lib/a.jpg", link);
    fs::create_symlink("a.jpg", chain);
    shelf.bring(TransferKind::move, {link});
    CHECK(test::read_bytes(shelf.target / "a.jpg") == "pixels");
    CHECK(test::read_bytes(chain) == "pixels");
    undo(shelf.log, false, shelf.err);
    CHECK(fs::read_symlink(link) == "../lib/a.jpg");
    CHECK(fs::read_symlink(chain) == "a.jpg");
    CHECK(test::read_bytes(chain) == "pixels");
}

TEST_CASE("onto another file system and back, a photo keeps its attributes", "[transfer]") {
    Shelf shelf;
    const test::OtherDevice other;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    if (other.folder.empty() || ::setxattr(photo.c_str(), "user.xdg.tags", "best", 4, 0) != 0) return;
    fs::permissions(photo, fs::owner_read | fs::owner_write | fs::group_read);
    fs::last_write_time(photo, 1'000'000'000);
    if (::geteuid() == 0) REQUIRE(::chown(photo.c_str(), 1234, 1235) == 0);
    shelf.target = other.folder / "m";
    shelf.bring(TransferKind::move, {photo});
    struct stat status {};
    REQUIRE(::stat((shelf.target / "a.jpg").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(status.st_mtime == 1'000'000'000);
    if (::geteuid() == 0) CHECK(status.st_uid == 1234);
    // Some kernels hold no such attributes in memory; the log does then.
    const std::string there = attribute(shelf.target / "a.jpg", "user.xdg.tags");
    CHECK((there == "best") != (shelf.err.str().find("lost an owner or attributes") != std::string::npos));
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    CHECK(attribute(photo, "user.xdg.tags") == "best");
    REQUIRE(::stat(photo.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(status.st_mtime == 1'000'000'000);
    if (::geteuid() == 0) CHECK(status.st_gid == 1235);
}

TEST_CASE("a move that was stopped between copy and end is undone", "[transfer]") {
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    shelf.bring(TransferKind::move, {photo});
    test::write_bytes(photo, GENERATE("pixels", "others"));
    const bool same = test::read_bytes(photo) == "pixels";
    CHECK(undo(shelf.log, false, shelf.err).restored == (same ? 1U : 0U));
    CHECK(fs::exists(shelf.target / "a.jpg") != same);
}

TEST_CASE("undo clears an empty file that held the name of a photo that never came", "[transfer]") {
    Shelf shelf;
    const fs::path photo = shelf.file("in/a.jpg", "pixels");
    shelf.bring(TransferKind::move, {photo});
    test::write_bytes(photo, "pixels");
    test::write_bytes(shelf.target / "a.jpg", "");
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    CHECK_FALSE(fs::exists(shelf.target / "a.jpg"));
}
