// The cache under programs that are killed, run side by side, or find the disk full.
#include <algorithm>
#include <csignal>
#include <thread>

#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <sys/stat.h>

#include "cache/cache_file.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using test::ChildProcess;
namespace fs = boost::filesystem;

namespace {

/// Photos of last year, a model and a place for a cache.
struct Batch {
    explicit Batch(int count) {
        fs::create_directory(photos);
        for (int i = 0; i < count; ++i) {
            const auto file = test::write_photo(test::photo_of(20 + 200 * i / count),
                                                photos / ("p" + std::to_string(100 + i)));
            const timespec times[] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
            REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
        }
    }

    std::vector<std::string> score(const std::vector<std::string>& more,
                                   const std::string& folder_or_photo = "") const {
        std::vector<std::string> words = {
            PIAA_BATCH,    "score",    folder_or_photo.empty() ? photos.string() : folder_or_photo,
            "--quiet",     "--device", "cpu",
            "--model",     model,      "--cache",
            cache.string()};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string fresh_rows(const std::string& format = "csv") const {
        return ChildProcess(score({"--no-cache", "--format", format})).wait().output;
    }
    std::int64_t photos_kept() const {
        const auto contents = cache_contents(cache);
        return contents && !contents->models.empty() ? contents->models[0].photos : 0;
    }

    test::TemporaryFolder folder;
    fs::path photos = folder / "photos";
    fs::path cache = folder / "features.sqlite";
    std::string model = test::write_tiny_model(folder.path()).string();
};

/// The command with a limit on the size of each file it writes, in units of 512 bytes.
std::vector<std::string> with_file_limit(int blocks, const std::vector<std::string>& command) {
    std::vector<std::string> words = {"/bin/sh", "-c",
                                      "ulimit -f " + std::to_string(blocks) + "; exec \"$@\"", "sh"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

}  // namespace

TEST_CASE("what a killed run had answered is kept, and the cache stays whole", "[cache_program]") {
    const Batch batch(80);
    const std::string expected = batch.fresh_rows("jsonl");
    std::int64_t before = 0;
    for (const int answers : {1, 30, 55}) {
        ChildProcess child(batch.score({"--format", "jsonl"}));
        for (int i = 0; i < answers; ++i) REQUIRE_FALSE(child.read_line().empty());
        child.send(SIGKILL);
        CHECK(child.wait().exit_code == 128 + SIGKILL);
        const auto kept = batch.photos_kept();
        CHECK(kept >= std::max<std::int64_t>(answers, before));
        before = kept;
    }
    CHECK(ChildProcess(batch.score({"--format", "jsonl"})).wait().output == expected);
    CHECK(batch.photos_kept() == 80);
}

TEST_CASE("a kill at any moment leaves the old output or the new one, never a half", "[cache_program]") {
    const Batch batch(40);
    const std::string expected = batch.fresh_rows();
    const auto rows = batch.folder / "rows.csv";
    const std::string old = "the rows of yesterday\n";
    for (int milliseconds = 0; milliseconds < 2000; milliseconds += 180) {
        test::write_bytes(rows, old);
        ChildProcess child(batch.score({"--output", rows.string()}));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        child.send(SIGKILL);
        const auto ending = child.wait();
        const auto found = test::read_bytes(rows);
        CHECK((found == old || found == expected));
        if (ending.exit_code == 0) CHECK(found == expected);
    }
    CHECK(ChildProcess(batch.score({"--output", rows.string()})).wait().errors.empty());
    CHECK(test::read_bytes(rows) == expected);
}

TEST_CASE("two runs at once share a cache that neither of them had", "[cache_program]") {
    const Batch batch(60);
    const std::string expected = batch.fresh_rows();
    ChildProcess one(batch.score({})), two(batch.score({"--jobs", "3"}));
    const auto first = one.wait(), second = two.wait();
    for (const auto& ending : {first, second}) {
        INFO(ending.errors);
        CHECK(ending.exit_code == 0);
        CHECK(ending.errors.empty());
        CHECK(ending.output == expected);
    }
    CHECK(batch.photos_kept() == 60);
}

TEST_CASE("a full disk costs neither rows nor what was kept before", "[cache_program]") {
    const Batch batch(60);
    const auto one = (batch.photos / "p100.png").string();
    CHECK(ChildProcess(batch.score({}, one)).wait().errors.empty());
    const auto full = ChildProcess(with_file_limit(100, batch.score({}))).wait();
    CHECK(full.exit_code == 0);
    CHECK(full.output == batch.fresh_rows());
    CHECK(std::count(full.errors.begin(), full.errors.end(), '\n') == 1);
    CHECK_THAT(full.errors, ContainsSubstring("features.sqlite: cannot be written"));

    const auto kept = batch.photos_kept();
    CHECK(kept >= 1);
    CHECK(kept < 60);
    test::write_bytes(one, std::string(fs::file_size(one), 'x'));
    const timespec times[] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
    REQUIRE(::utimensat(AT_FDCWD, one.c_str(), times, 0) == 0);
    const auto after = ChildProcess(batch.score({})).wait();
    CHECK(after.exit_code == 0);
    CHECK(after.output == full.output);
    CHECK(batch.photos_kept() == 60);
}

TEST_CASE("an output that does not fit the disk leaves the old file and the finished rows",
          "[cache_program]") {
    const Batch batch(40);
    const auto rows = batch.folder / "rows.csv";
    test::write_bytes(rows, "old\n");
    const auto full =
        ChildProcess(with_file_limit(2, batch.score({"--no-cache", "--output", rows.string()}))).wait();
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.errors, ContainsSubstring("rows.csv: cannot be written: File too large"));
    CHECK(test::read_bytes(rows) == "old\n");
    CHECK(test::read_bytes(rows.string() + ".partial").starts_with("path,score,spread,stars,flags\n"));
}

TEST_CASE("cached photos are answered without loading the network runtime", "[cache_program]") {
    const Batch batch(3);
    const auto loads_network = [&] {
        const auto ending = ChildProcess(batch.score({}), {{"LD_DEBUG", "files"}}).wait();
        CHECK(ending.exit_code == 0);
        return ending.errors.find("libpiaa_xnnpack") != std::string::npos;
    };
    CHECK(loads_network());
    CHECK_FALSE(loads_network());
}
