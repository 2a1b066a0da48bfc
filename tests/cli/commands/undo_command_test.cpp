// Which runs undo knows of, and which one it takes back.
#include "commands/undo_command.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "changes/photo_transfer.h"
#include "changes/undo_log.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// A user with a folder for logs and photos.
struct Home {
    test::TemporaryFolder folder;
    std::ostringstream out, err;

    Home() {
        ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
        fs::create_directories(undo_folder());
    }
    ~Home() { ::unsetenv("XDG_STATE_HOME"); }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

    /// A run that made a sidecar beside each photo.
    fs::path run(const std::string& name, const std::string& time,
                 const std::vector<std::string>& photos) const {
        const fs::path log = undo_folder() / (name + ".jsonl");
        {
            UndoLog changes(log, name);
            for (const auto& photo : photos) {
                const fs::path sidecar = folder / (photo + ".xmp");
                test::write_bytes(folder / photo, photo);
                changes.will_write(sidecar, std::nullopt, name);
                test::write_bytes(sidecar, name);
            }
        }
        std::string text = test::read_bytes(log);
        const auto at = text.find("\"time\":\"") + 8;
        text.replace(at, 20, time);
        test::write_bytes(log, text);
        return log;
    }
    int undo(const UndoOptions& options) {
        out.str("");
        err.str("");
        return run_undo(options, out, err);
    }
};

}  // namespace

TEST_CASE("undo without a log lists the runs, the newest first, and which are taken back", "[undo_command]") {
    Home home;
    CHECK(home.undo({}) == done);
    CHECK_THAT(home.err.str(), ContainsSubstring("no run has left an undo log in"));
    const fs::path old = home.run("crop", "2026-11-28T09:12:01Z", {"a.jpg"});
    const fs::path young = home.run("score", "2026-11-29T10:51:52Z", {"b.jpg", "c.jpg"});
    test::write_bytes(undo_folder() / "other.jsonl", "{}\n");
    test::write_bytes(undo_folder() / "empty.jsonl", "");
    CHECK(home.undo({.log = old}) == done);
    CHECK(home.undo({}) == done);
    const std::string told = home.out.str();
    INFO(told);
    CHECK(std::count(told.begin(), told.end(), '\n') == 2);
    const std::string first = told.substr(0, told.find('\n')), second = told.substr(first.size() + 1);
    CHECK_THAT(first, ContainsSubstring("score   2 changes ") && ContainsSubstring(young.string()) &&
                          !ContainsSubstring("taken back"));
    CHECK_THAT(second, ContainsSubstring("crop    1 change, taken back ") && ContainsSubstring(old.string()));
    CHECK(first.starts_with("2026-11-"));
}

TEST_CASE("undo --last takes back the newest run that is not taken back", "[undo_command]") {
    Home home;
    home.run("crop", "2026-11-28T09:12:01Z", {"a.jpg"});
    const fs::path young = home.run("score", "2026-11-29T10:51:52Z", {"b.jpg"});
    CHECK(home.undo({.log = {}, .last = true, .dry_run = true}) == done);
    CHECK(fs::exists(home.folder / "b.jpg.xmp"));
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_THAT(home.err.str(), ContainsSubstring(young.string()) && ContainsSubstring("1 taken back"));
    CHECK_FALSE(fs::exists(home.folder / "b.jpg.xmp"));
    CHECK(fs::exists(home.folder / "a.jpg.xmp"));
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_FALSE(fs::exists(home.folder / "a.jpg.xmp"));
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_THAT(home.err.str(), ContainsSubstring("there is no run left to take back"));
}

TEST_CASE("undo --last goes on where a run cannot be taken back whole", "[undo_command]") {
    Home home;
    home.run("crop", "2026-11-28T09:12:01Z", {"a.jpg"});
    const fs::path young = home.run("score", "2026-11-29T10:51:52Z", {"b.jpg"});
    fs::remove(home.folder / "b.jpg");
    fs::remove(home.folder / "b.jpg.xmp");
    CHECK(home.undo({.log = {}, .last = true}) == some_files_failed);
    CHECK(fs::exists(home.folder / "a.jpg.xmp"));
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_FALSE(fs::exists(home.folder / "a.jpg.xmp"));
    CHECK(home.undo({}) == done);
    CHECK_THAT(home.out.str(), ContainsSubstring("score   1 change, taken back in part"));
    CHECK(home.undo({.log = young}) == some_files_failed);  // by its name it is tried again
}

TEST_CASE("a last line that was cut off leaves a log that can be done with", "[undo_command]") {
    Home home;
    const fs::path log = home.run("score", "2026-11-29T10:51:52Z", {"a.jpg", "b.jpg"});
    test::write_bytes(log, test::read_bytes(log) + R"({"did":"wri)");
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_FALSE(fs::exists(home.folder / "a.jpg.xmp"));
    CHECK(home.undo({.log = {}, .last = true}) == done);
    CHECK_THAT(home.err.str(), ContainsSubstring("there is no run left to take back"));
}

TEST_CASE("undo names the later run that has to be taken back first", "[undo_command]") {
    Home home;
    const fs::path old = home.run("crop", "2026-11-28T09:12:01Z", {"a.jpg"});
    const fs::path other = home.run("pick", "2026-11-30T09:12:01Z", {"b.jpg"});
    const fs::path young = undo_folder() / "score.jsonl";
    {
        UndoLog changes(young, "score");
        changes.will_write(home.folder / "a.jpg.xmp", "crop", "score");
        test::write_bytes(home.folder / "a.jpg.xmp", "score");
    }
    CHECK(home.undo({.log = old}) == some_files_failed);
    CHECK_THAT(home.err.str(), ContainsSubstring("was changed since and is left as it is") &&
                                   ContainsSubstring("first: piaa-batch undo " + young.string()));
    CHECK(home.undo({.log = young}) == done);
    test::write_bytes(home.folder / "a.jpg.xmp", "somebody's");
    CHECK(home.undo({.log = old}) == some_files_failed);
    CHECK_THAT(home.err.str(), !ContainsSubstring("later run"));
}

TEST_CASE("a photo does not carry off what a later run brought beside it", "[undo_command]") {
    Home home;
    const fs::path best = home.folder / "best";
    const auto move = [&](const std::string& name, const fs::path& photo) {
        fs::create_directories(photo.parent_path());
        test::write_bytes(photo, name);
        const fs::path file = undo_folder() / (name + ".jsonl");
        UndoLog log(file, "score");
        PhotoTransfer transfer(TransferKind::move, best, false, log, home.err);
        transfer.take({{"path", photo.string()}});
        return file;
    };
    const fs::path jpg = home.folder / "a/1.jpg", raw = home.folder / "b/1.NEF";
    const fs::path first = move("1", jpg), second = move("2", raw);
    CHECK(home.undo({.log = first}) == some_files_failed);
    CHECK_THAT(home.err.str(), ContainsSubstring("which came since by a later run") &&
                                   ContainsSubstring("first: piaa-batch undo " + second.string()));
    CHECK(fs::exists(best / "1.jpg"));
    CHECK(fs::exists(best / "1.NEF"));
    CHECK(home.undo({.log = second}) == done);
    CHECK(home.undo({.log = first}) == done);
    CHECK(fs::exists(jpg));
    CHECK(fs::exists(raw));
}

TEST_CASE("what was taken back is not taken back again where a later run did the same", "[undo_command]") {
    Home home;
    const fs::path best = home.folder / "best", one = home.folder / "1.jpg", two = home.folder / "2.jpg";
    for (const auto& photo : {one, two}) test::write_bytes(photo, photo.string());
    const auto move = [&](const std::string& name, const std::vector<fs::path>& photos) {
        const fs::path file = undo_folder() / (name + ".jsonl");
        UndoLog log(file, "score");
        PhotoTransfer transfer(TransferKind::move, best, false, log, home.err);
        for (const auto& photo : photos) transfer.take({{"path", photo.string()}});
        return file;
    };
    const fs::path first = move("first", {one, two});
    const bool whole = GENERATE(true, false);
    if (!whole) test::write_bytes(two, "another photo");
    CHECK(home.undo({.log = first}) == (whole ? done : some_files_failed));
    CHECK(fs::exists(one));
    CHECK(fs::exists(best / "2.jpg") != whole);
    if (!whole) fs::remove(two);

    const fs::path second = move("second", {one});
    CHECK(home.undo({.log = first}) == done);
    CHECK_THAT(home.err.str(), ContainsSubstring(whole ? "0 taken back, 2 with nothing to do"
                                                       : "1 taken back, 1 with nothing to do"));
    CHECK(fs::exists(two));
    CHECK(fs::exists(best / "1.jpg"));
    CHECK(home.undo({.log = second}) == done);
    CHECK(fs::exists(one));
    CHECK_FALSE(fs::exists(best / "1.jpg"));
}

TEST_CASE("undo names what it does not find and ends with 1", "[undo_command]") {
    Home home;
    const fs::path log = home.run("score", "2026-11-29T10:51:52Z", {"a.jpg", "b.jpg", "c.jpg", "d.jpg"});
    for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg"}) {
        fs::remove(home.folder / name);
        fs::remove(home.folder / (std::string(name) + ".xmp"));
    }
    CHECK(home.undo({.log = log}) == some_files_failed);
    CHECK_THAT(home.err.str(), ContainsSubstring("4 not found where the run left them: ") &&
                                   ContainsSubstring("d.jpg.xmp, ") && ContainsSubstring(" and 1 more"));
}
