// What undo does when the place has changed since, and with what a run that was killed left behind.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/file_attributes.h>
#include <piaa/unfinished_file.h>
#include <piaa/whole_file.h>

#include "changes/photo_transfer.h"
#include "changes/safe_file.h"
#include "changes/undo_log.h"
#include "photos/file_hash.h"
#include "photos/photo_list.h"
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
    fs::path in = folder / "in", best = folder / "best", log = folder / "log";

    Shelf() { fs::create_directory(in); }
    fs::path file(const std::string& name, const std::string& bytes) const {
        fs::create_directories((in / name).parent_path());
        test::write_bytes(in / name, bytes);
        return in / name;
    }
    void bring(TransferKind kind, const std::vector<fs::path>& photos) {
        UndoLog undo_log(log, "score");
        PhotoTransfer transfer(kind, best, false, undo_log, err);
        for (const auto& photo : list_photos({in.string()}).photos) transfer.know(photo);
        for (const auto& photo : photos) transfer.take({{"path", photo.string()}});
    }
    static std::vector<std::string> names(const fs::path& place) {
        std::vector<std::string> all;
        if (!fs::exists(place)) return all;
        for (const auto& entry : fs::directory_iterator(place))
            all.push_back(entry.path().filename().string());
        std::sort(all.begin(), all.end());
        return all;
    }
};

using Names = std::vector<std::string>;

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}

}  // namespace

TEST_CASE("no sidecar goes back beside another photo of the old name", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels");
    shelf.file("a.jpg.xmp", "stars");
    const fs::path other = shelf.file("b.jpg", "others");
    fs::create_symlink("b.jpg", shelf.in / "link.jpg");
    shelf.bring(TransferKind::move, {photo, other});
    SECTION("that is there beside the moved one") {
        shelf.file("a.jpg", "somebody's");
        const UndoSummary summary = undo(shelf.log, false, shelf.err);
        CHECK(summary.refused == 2);
        CHECK(summary.restored == 2);
        CHECK(Shelf::names(shelf.best) == Names{"a.jpg", "a.jpg.xmp"});
        CHECK(Shelf::names(shelf.in) == Names{"a.jpg", "b.jpg", "link.jpg"});
        CHECK_THAT(shelf.err.str(), ContainsSubstring("a.jpg: is there again") &&
                                        ContainsSubstring("a.jpg.xmp: stays with the other files"));
    }
    SECTION("that came in the place of the moved one, which is gone") {
        fs::remove(shelf.best / "a.jpg");
        shelf.file("a.jpg", "somebody's");
        CHECK(undo(shelf.log, false, shelf.err).refused == 1);
        CHECK(fs::exists(shelf.best / "a.jpg.xmp"));
        CHECK_THAT(shelf.err.str(),
                   ContainsSubstring("in/a.jpg: is another file than the one that was moved"));
    }
    SECTION("but beside the photo that somebody took back by hand") {
        fs::rename(shelf.best / "a.jpg", photo);
        CHECK(undo(shelf.log, false, shelf.err).refused == 0);
        CHECK(fs::exists(shelf.in / "a.jpg.xmp"));
    }
    SECTION("and a link to a photo that stays stays") {
        shelf.file("b.jpg", "somebody's");
        CHECK(undo(shelf.log, false, shelf.err).refused == 2);
        CHECK(test::read_bytes(shelf.in / "link.jpg") == "others");
    }
    CHECK(undo(shelf.log, true, shelf.err).restored <= 2);
}

TEST_CASE("files that were copied together are taken back together", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels");
    shelf.file("a.jpg.xmp", "stars");
    shelf.bring(TransferKind::copy, {photo});
    test::write_bytes(shelf.best / "a.jpg.xmp", "other stars");
    CHECK(undo(shelf.log, false, shelf.err).refused == 2);
    CHECK(Shelf::names(shelf.best) == Names{"a.jpg", "a.jpg.xmp"});
    test::write_bytes(shelf.best / "a.jpg.xmp", "stars");
    CHECK(undo(shelf.log, false, shelf.err).restored == 2);
    CHECK(Shelf::names(shelf.best).empty());
}

TEST_CASE("what a killed run left of a file it was writing goes with the next of its kind, and with undo",
          "[undo]") {
    Shelf shelf;
    const fs::path sidecar = shelf.in / "a.jpg.xmp";
    const std::string after = "many stars";
    const fs::path left = unfinished_file(sidecar, sha256_of(after));
    CHECK(is_unfinished_name(left.filename().string()));
    for (const char* other : {"a.jpg", ".a.jpg.xmp", ".a.jpg.12345678", ".a.jpg.piaa-1234567", ".piaa-",
                              "a.jpg.piaa-12345678", ".a.jpg.piaa-1234567G"})
        CHECK_FALSE(is_unfinished_name(other));
    test::write_bytes(left, "many");
    SECTION("the same is written again") {
        write_whole_file(sidecar, bytes_of(after));
        CHECK(Shelf::names(shelf.in) == Names{"a.jpg.xmp"});
    }
    SECTION("another process is writing it") {
        const Descriptor writer(::open(left.c_str(), O_WRONLY));
        REQUIRE(::flock(writer, LOCK_EX) == 0);
        CHECK(list_photos({shelf.in.string()}).unfinished.empty());
        write_whole_file(sidecar, bytes_of(after));
        CHECK(test::read_bytes(sidecar) == after);
        CHECK(test::read_bytes(left) == "many");
    }
    SECTION("undo") {
        const bool replaces = GENERATE(true, false);
        if (replaces) test::write_bytes(sidecar, "no stars");
        {
            UndoLog log(shelf.log, "score");
            log.will_write(sidecar, replaces ? std::optional<std::string>("no stars") : std::nullopt, after);
        }
        const std::string foreign = ".a.jpg.xmp.piaa-00000000";
        test::write_bytes(shelf.in / foreign, "somebody's");
        undo(shelf.log, true, shelf.err);
        CHECK(fs::exists(left));
        undo(shelf.log, false, shelf.err);
        CHECK(Shelf::names(shelf.in) == (replaces ? Names{foreign, "a.jpg.xmp"} : Names{foreign}));
    }
    SECTION("a run over the folder takes it for no photo") {
        fs::rename(left, unfinished_file(shelf.in / "a.jpg", sha256_of("a photo")));
        const PhotoList list = list_photos({shelf.in.string()});
        CHECK(list.photos.empty());
        CHECK(list.unfinished.size() == 1);
    }
}

TEST_CASE("unfinished copies and links of a killed run go with undo", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), to = shelf.best / "a.jpg";
    fs::create_directory(shelf.best);
    const fs::path link = shelf.in / "link.jpg";
    fs::create_symlink("a.jpg", link);
    {
        UndoLog log(shelf.log, "score");
        if (GENERATE(true, false))
            log.will_copy(photo, to, sha256_of("pixels"));
        else
            log.will_move(photo, to, attributes_of(photo));
        log.will_relink(link, "a.jpg", to);
    }
    test::write_bytes(unfinished_file(to, sha256_of("pixels")), "pix");
    fs::create_symlink(to, unfinished_file(link, sha256_of(to.string())));
    undo(shelf.log, false, shelf.err);
    CHECK(Shelf::names(shelf.best).empty());
    CHECK(Shelf::names(shelf.in) == Names{"a.jpg", "link.jpg"});
    CHECK(shelf.err.str().empty());
    // And without it: the next run is not kept from bringing the photo and leading the link to it.
    test::write_bytes(unfinished_file(to, sha256_of("pixels")), "pix");
    fs::create_symlink(to, unfinished_file(link, sha256_of(to.string())));
    copy_file(photo, to, sha256_of("pixels"));
    relink_file(to, link);
    CHECK(fs::read_symlink(link) == to);
}

TEST_CASE("a photo with the longest name is written whole and leaves nothing", "[undo]") {
    Shelf shelf;
    const fs::path file = shelf.in / (std::string(251, 'x') + ".xmp");
    write_whole_file(file, bytes_of("stars"));
    CHECK(test::read_bytes(file) == "stars");
    const fs::path left = unfinished_file(file, sha256_of("stars"));
    CHECK(is_unfinished_name(left.filename().string()));
    CHECK(left != unfinished_file(shelf.in / (std::string(251, 'y') + ".xmp"), sha256_of("stars")));
    CHECK(Shelf::names(shelf.in).size() == 1);
}

TEST_CASE("the undo log is named where something was changed, and not where all of it failed", "[undo]") {
    const Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), sidecar = shelf.in / "a.jpg.xmp";
    const auto told = [&](bool first, bool second) {
        std::ostringstream err;
        fs::remove(shelf.log);
        {
            UndoLog log(shelf.log, "score");
            const UndoNotice notice(log, false, err);
            log.will_copy(photo, shelf.folder / "b.jpg", sha256_of_file(photo));
            if (first) copy_file(photo, shelf.folder / "b.jpg", sha256_of_file(photo));
            log.will_write(sidecar, std::nullopt, "stars");
            if (second) test::write_bytes(sidecar, "stars");
        }
        for (const fs::path& made : {shelf.folder / "b.jpg", sidecar}) fs::remove(made);
        return err.str();
    };
    CHECK(told(false, false).empty());
    for (const auto& [first, second] : {std::pair(true, false), {false, true}, {true, true}})
        CHECK_THAT(told(first, second), ContainsSubstring("to take that back: piaa-batch undo"));
}

TEST_CASE("a moved photo takes back what it got since", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), other = shelf.file("b.jpg", "others");
    shelf.file("a.jpg.pp3", "settings");
    fs::create_directory(shelf.best);
    SECTION("each under the photo's old name") {
        test::write_bytes(shelf.best / "a.jpg", "somebody's");
        test::write_bytes(shelf.best / "a.jpg.xmp", "somebody's stars");
        shelf.bring(TransferKind::move, {photo, other});
        for (const char* name : {"a-2.jpg.xmp", "a-2.NEF", "a-2.xmp", "a-2_01.jpg.xmp"})
            test::write_bytes(shelf.best / name, name);
        for (const bool dry_run : {true, false}) {
            const UndoSummary summary = undo(shelf.log, dry_run, shelf.err);
            CHECK(summary.restored == 3);
            CHECK(summary.came_along == 4);
            CHECK(summary.refused == 0);
        }
        CHECK(Shelf::names(shelf.best) == Names{"a.jpg", "a.jpg.xmp"});
        CHECK(Shelf::names(shelf.in) ==
              Names{"a.NEF", "a.jpg", "a.jpg.pp3", "a.jpg.xmp", "a.xmp", "a_01.jpg.xmp", "b.jpg"});
        CHECK(test::read_bytes(shelf.in / "a.jpg.xmp") == "a-2.jpg.xmp");
    }
    SECTION("unless there is something else of that name: then all stay") {
        shelf.bring(TransferKind::move, {photo, other});
        test::write_bytes(shelf.best / "a.jpg.xmp", "stars");
        shelf.file("a.jpg.xmp", "other stars");
        const UndoSummary summary = undo(shelf.log, false, shelf.err);
        CHECK(summary.refused == 2);
        CHECK(summary.restored == 1);
        CHECK(Shelf::names(shelf.best) == Names{"a.jpg", "a.jpg.pp3", "a.jpg.xmp"});
        CHECK(shelf.err.str() == "piaa-batch: " + (shelf.best / "a.jpg").string() +
                                     ": is left as it is with " + (shelf.best / "a.jpg.xmp").string() +
                                     ", which came since, as there is another " +
                                     (shelf.in / "a.jpg.xmp").string() + "\n");
    }
    SECTION("but not what was there before or is another photo's") {
        test::write_bytes(shelf.best / "a.NEF", "somebody's");
        test::write_bytes(shelf.best / "a.xmp", "somebody's stars");
        shelf.bring(TransferKind::move, {photo, other});
        for (const char* name : {"a.jpg.xmp", "a.NEF.xmp", "a.dop", "b.png", "b.png.xmp"})
            test::write_bytes(shelf.best / name, name);
        CHECK(undo(shelf.log, false, shelf.err).came_along == 1);
        CHECK(Shelf::names(shelf.best) ==
              Names{"a.NEF", "a.NEF.xmp", "a.dop", "a.xmp", "b.png", "b.png.xmp"});
        CHECK(Shelf::names(shelf.in) == Names{"a.jpg", "a.jpg.pp3", "a.jpg.xmp", "b.jpg"});
    }
}

TEST_CASE("a copy and a link that got files since stay with them", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), other = shelf.file("b.jpg", "others");
    shelf.bring(GENERATE(TransferKind::copy, TransferKind::link), {photo, other});
    test::write_bytes(shelf.best / "a.jpg.xmp", "stars");
    const UndoSummary summary = undo(shelf.log, false, shelf.err);
    CHECK(summary.refused == 1);
    CHECK(summary.restored == 1);
    CHECK(Shelf::names(shelf.best) == Names{"a.jpg", "a.jpg.xmp"});
    CHECK(shelf.err.str() == "piaa-batch: " + (shelf.best / "a.jpg").string() + ": is left as it is with " +
                                 (shelf.best / "a.jpg.xmp").string() + ", which came since\n");
    fs::remove(shelf.best / "a.jpg.xmp");
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    CHECK_FALSE(fs::exists(shelf.best));
}

TEST_CASE("a moved photo goes back though its folder is gone, whichever run is undone first", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("day/a.jpg", "pixels");
    shelf.bring(TransferKind::move, {photo});
    SECTION("by hand") {
        fs::remove_all(shelf.in);
        CHECK(undo(shelf.log, true, shelf.err).restored == 1);
        CHECK_FALSE(fs::exists(shelf.in));
    }
    SECTION("as a later run moved it on") {
        const fs::path first = shelf.log, brought = shelf.best / "a.jpg";
        shelf.log = shelf.folder / "second";
        shelf.best = shelf.folder / "third";
        shelf.bring(TransferKind::move, {brought});
        CHECK(undo(first, false, shelf.err).restored == 0);
        CHECK(fs::exists(brought.parent_path()));
        if (GENERATE(true, false)) fs::remove(brought.parent_path());
        CHECK(undo(shelf.log, false, shelf.err).restored == 1);
        CHECK_FALSE(fs::exists(shelf.best));
        shelf.log = first;
        shelf.best = brought.parent_path();
    }
    CHECK(undo(shelf.log, false, shelf.err).restored == 1);
    CHECK(test::read_bytes(photo) == "pixels");
    CHECK_FALSE(fs::exists(shelf.best));
    // Neither is missed where a run that is undone had it.
    for (const char* log : {"log", "second"})
        if (fs::exists(shelf.folder / log)) {
            const UndoSummary again = undo(shelf.folder / log, false, shelf.err);
            CHECK(again.nothing_to_do == 1);
            CHECK(again.not_found == 0);
        }
}

TEST_CASE("what is not where a run left it is told apart from what is as it was", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), sidecar = shelf.in / "a.jpg.xmp",
                   old = shelf.file("b.xmp", "stars"), brought = shelf.best / "a.jpg";
    const auto told = [&] {
        // A copy, since a log that was undone says so.
        test::write_bytes(shelf.folder / "copy", test::read_bytes(shelf.log));
        const UndoSummary dry = undo(shelf.folder / "copy", true, shelf.err),
                          real = undo(shelf.folder / "copy", false, shelf.err);
        CHECK(dry.not_found == real.not_found);
        CHECK(real.restored + real.refused == 0);
        CHECK(real.first_not_found.size() == real.not_found);
        return std::pair(real.nothing_to_do, real.not_found);
    };
    using Counts = std::pair<std::size_t, std::size_t>;
    SECTION("sidecars that were written") {
        {
            UndoLog log(shelf.log, "score");
            log.will_write(sidecar, std::nullopt, "stars");
            log.will_write(old, "stars", "more stars");
        }
        CHECK(told() == Counts{2, 0});
        fs::remove(old);
        CHECK(told() == Counts{1, 1});
        fs::rename(shelf.in, shelf.folder / "album");
        CHECK(told() == Counts{0, 2});
    }
    SECTION("moved photos") {
        shelf.bring(TransferKind::move, {photo});
        fs::rename(brought, shelf.folder / "other.jpg");
        CHECK(told() == Counts{0, 1});
        fs::rename(shelf.folder / "other.jpg", photo);
        CHECK(told() == Counts{1, 0});
    }
    SECTION("copies and links in a folder that the run found") {
        fs::create_directory(shelf.best);
        shelf.bring(GENERATE(TransferKind::copy, TransferKind::link), {photo});
        fs::rename(shelf.best, shelf.folder / "album");
        CHECK(told() == Counts{0, 1});
        fs::create_directory(shelf.best);
        CHECK(told() == Counts{1, 0});
    }
}

TEST_CASE("a dry run of undo foresees sidecars that come back first", "[undo]") {
    Shelf shelf;
    const fs::path photo = shelf.file("a.jpg", "pixels"), other = shelf.file("b.jpg", "others");
    const fs::path made = shelf.in / "a.jpg.xmp", changed = shelf.file("b.jpg.xmp", "stars");
    {
        UndoLog log(shelf.log, "score");
        PhotoTransfer transfer(TransferKind::move, shelf.best, false, log, shelf.err);
        for (const auto& [file, sidecar] : {std::pair(photo, made), {other, changed}}) {
            log.will_write(sidecar, sidecar == made ? std::nullopt : std::optional<std::string>("stars"),
                           "more stars");
            test::write_bytes(sidecar, "more stars");
            transfer.take({{"path", file.string()}});
        }
    }
    CHECK(undo(shelf.log, true, shelf.err).restored == 6);
    CHECK(undo(shelf.log, false, shelf.err).restored == 6);
    CHECK(Shelf::names(shelf.in) == Names{"a.jpg", "b.jpg", "b.jpg.xmp"});
    CHECK(undo(shelf.log, false, shelf.err).nothing_to_do == 6);
    CHECK(shelf.err.str().empty());
}
