#include "changes/photo_transfer.h"

#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "changes/safe_file.h"
#include "photos/file_hash.h"
#include "support/catch.h"
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
        for (const auto& photo : photos) transfer.take({{"path", photo.string()}});
        transfer.finish(err, false);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& entry : fs::directory_iterator(target))
            all.push_back(entry.path().filename().string());
        std::sort(all.begin(), all.end());
        return all;
    }
};

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
    CHECK_THAT(shelf.err.str(), ContainsSubstring("1 files were there already"));
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
    for (const char* text :
         {"", "hello\n", "{}\n", "{\"piaa_undo\":2}\n", "{\"piaa_undo\":1}\nhello\n", "[1]\n"})
        CHECK_THROWS_AS(undo(shelf.file("log", text), false, shelf.err), Error);
    CHECK_THROWS_AS(undo(shelf.folder / "nowhere", false, shelf.err), Error);
    shelf.bring(TransferKind::copy, {shelf.file("in/a.jpg", "a")});
    test::write_bytes(shelf.log, test::read_bytes(shelf.log) + "{\"did\":\"cop");
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    const auto odd = shelf.file("odd", "{\"piaa_undo\":1}\n{\"did\":\"format disk\"}\n{\"did\":\"copy\"}\n");
    CHECK(undo(odd, false, shelf.err).refused == 2);
    // A log that is there is not written over.
    UndoLog log(odd, "score");
    CHECK_THROWS_AS(log.will_move("a", "b"), Error);
}

TEST_CASE("a folder that is a file is refused before the first photo", "[transfer]") {
    Shelf shelf;
    shelf.file("best", "");
    CHECK_THROWS_AS(shelf.bring(TransferKind::copy, {}), Error);
}
