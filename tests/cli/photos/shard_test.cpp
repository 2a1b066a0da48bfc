#include "photos/shard.h"

#include <map>
#include <set>
#include <sstream>

#include <boost/filesystem.hpp>

#include "commands/merge_command.h"
#include "commands/score_command.h"
#include "console/exit_code.h"
#include "photos/photo_list.h"
#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// Photos in two folders, some with names that need care.
struct Library {
    Library() {
        fs::create_directories(photos / "deep/er");
        int grey = 30;
        for (const auto* name : {"a", "b, with comma", "deep/c", "deep/d\"quoted\"", "deep/er/e", "f\xff",
                                 "g", "h", "i", "j", "k", "l"})
            test::write_photo(test::photo_of(grey += 15), photos / name);
    }

    std::string score(const Shard& shard, ReportFormat format, bool provenance) const {
        ScoreOptions options;
        options.photos.paths = {photos.string()};
        options.photos.shard = shard;
        options.photos.jobs = 2;
        options.photos.quiet = true;
        options.scorer.model = test::tiny_model().info().file.string();
        options.scorer.device = "cpu";
        options.format = format;
        options.provenance = provenance;
        std::ostringstream out, err;
        CHECK(run_score(options, out, err) == cli::done);
        return out.str();
    }

    /// Writes the parts 1 to count of `count` and gives their files.
    std::vector<std::string> write_parts(std::uint32_t count, ReportFormat format,
                                         bool provenance = true) const {
        std::vector<std::string> files;
        for (std::uint32_t index = 1; index <= count; ++index) {
            files.push_back((folder / ("part" + std::to_string(index))).string());
            test::write_bytes(files.back(), score({index, count}, format, provenance));
        }
        return files;
    }

    test::TemporaryFolder folder;
    fs::path photos = folder / "photos";
};

struct Merged {
    int exit_code;
    std::string out, err;
};

Merged merge(const std::vector<std::string>& files, const std::vector<std::string>& images = {},
             bool on_terminal = false) {
    MergeOptions options{files, images, {}, {}};
    options.terminal.output = on_terminal;
    std::ostringstream out, err;
    const int exit_code = run_merge(options, out, err);
    return {exit_code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("a shard is written I/N, and nothing else is one", "[shard]") {
    CHECK(parse_shard("2/8") == Shard{2, 8});
    CHECK(parse_shard("1/1").is_all());
    for (const auto* wrong :
         {"", "2", "/8", "2/", "0/8", "9/8", "2/8x", "2 /8", "-1/8", "1/0", "1/99999999999"})
        CHECK_THROWS_AS(parse_shard(wrong), Error);
}

TEST_CASE("a job of an array takes the part that its scheduler gives it", "[shard]") {
    using Variables = std::map<std::string, std::string>;
    const auto part = [](const Variables& variables, std::uint32_t count = 0) {
        return scheduled_shard(
            [&](const char* name) {
                const auto found = variables.find(name);
                return found == variables.end() ? nullptr : found->second.c_str();
            },
            count);
    };
    const auto slurm = [](const std::string& id, const std::string& count, const std::string& min,
                          const std::string& max, const std::string& step = "1") {
        return Variables{{"SLURM_ARRAY_TASK_ID", id},
                         {"SLURM_ARRAY_TASK_COUNT", count},
                         {"SLURM_ARRAY_TASK_MIN", min},
                         {"SLURM_ARRAY_TASK_MAX", max},
                         {"SLURM_ARRAY_TASK_STEP", step}};
    };
    CHECK(part(slurm("0", "4", "0", "3")) == Shard{1, 4});
    CHECK(part(slurm("4", "4", "1", "4")) == Shard{4, 4});
    CHECK(part(slurm("12", "3", "10", "14", "2")) == Shard{2, 3});
    CHECK_THROWS_AS(part(slurm("7", "3", "1", "7")), Error);  // --array=1,3,7
    CHECK_THROWS_AS(part(slurm("x", "3", "1", "3")), Error);
    CHECK_THROWS_AS(part(slurm("0", "4", "0", "3"), 8),
                    Error);  // a part of the array that the user thinks of
    CHECK(part({{"AWS_BATCH_JOB_ARRAY_INDEX", "2"}, {"AWS_BATCH_JOB_ARRAY_SIZE", "5"}}) == Shard{3, 5});
    CHECK(part({{"AWS_BATCH_JOB_ARRAY_INDEX", "2"}}, 5) == Shard{3, 5});
    CHECK_THROWS_AS(part({{"AWS_BATCH_JOB_ARRAY_INDEX", "2"}}), Error);
    CHECK(part({{"JOB_COMPLETION_INDEX", "0"}}, 2) == Shard{1, 2});
    CHECK_THROWS_AS(part({{"JOB_COMPLETION_INDEX", "0"}}), Error);
    CHECK_THROWS_AS(part({{"JOB_COMPLETION_INDEX", "2"}}, 2), Error);
    CHECK_THROWS_AS(part({}), Error);
}

TEST_CASE("the split depends on the path below the named folder alone, and is the same everywhere",
          "[shard]") {
    const auto part_of = [](const std::string& folder, const std::string& name) {
        for (std::uint32_t index = 1; index <= 5; ++index)
            if (Shard{index, 5}.holds({folder + name, true, static_cast<std::uint32_t>(folder.size())}))
                return index;
        return 0U;
    };
    std::set<std::uint32_t> used;
    for (int i = 0; i < 100; ++i) {
        const std::string name = "2020/photo" + std::to_string(i) + ".jpg";
        const auto part = part_of("/mnt/a/", name);
        used.insert(part);
        CHECK(part == part_of("photos/", name));
    }
    CHECK(used == std::set<std::uint32_t>{1, 2, 3, 4, 5});
    // Written down, because a half-finished job may be gone on with by a later version.
    CHECK(part_of("", "2020/photo0.jpg") == 4);
    CHECK(part_of("", "a.jpg") == 5);
}

TEST_CASE("parts make up the whole, however the folder is named", "[shard]") {
    const Library library;
    for (const std::string& name : {library.photos.string(), library.photos.string() + "/"}) {
        const auto all = list_photos({name}).photos;
        std::size_t sum = 0;
        for (std::uint32_t index = 1; index <= 3; ++index)
            for (const auto& photo : all) sum += Shard{index, 3}.holds(photo);
        CHECK(sum == all.size());
        CHECK(all.front().file.native().substr(all.front().root) == "a.png");
    }
}

TEST_CASE("merged parts are what one run would have written", "[shard]") {
    const Library library;
    const auto format = GENERATE(ReportFormat::csv, ReportFormat::json, ReportFormat::jsonl);
    const bool provenance = GENERATE(false, true);
    auto files = library.write_parts(4, format, provenance);
    std::reverse(files.begin(), files.end());
    const auto merged = merge(files, {library.photos.string()});
    CHECK(merged.exit_code == cli::done);
    CHECK(merged.err.empty());
    CHECK(merged.out == library.score({}, format, provenance));
}

TEST_CASE("merge says what is missing", "[shard]") {
    const Library library;
    auto files = library.write_parts(3, ReportFormat::jsonl);
    files.erase(files.begin() + 1);
    const auto merged = merge(files);
    CHECK(merged.exit_code == some_files_failed);
    CHECK(merged.err == "piaa-batch: part 2/3 is missing, or has no photos\n");

    const auto named = merge(files, {library.photos.string()});
    CHECK(named.exit_code == some_files_failed);
    const auto lines = std::count(named.err.begin(), named.err.end(), '\n');
    const auto rows = std::count(merged.out.begin(), merged.out.end(), '\n');
    CHECK(lines - 1 + rows == 12);
    CHECK_THAT(named.err, ContainsSubstring(".png: has no row"));

    const auto plain = merge(library.write_parts(3, ReportFormat::csv, false));
    CHECK(plain.exit_code == cli::done);
    CHECK_THAT(plain.err, ContainsSubstring("what is missing cannot be told"));
}

TEST_CASE("merge keeps one of double rows and names those that contradict", "[shard]") {
    const Library library;
    auto files = library.write_parts(2, ReportFormat::csv);
    files.push_back(files.front());
    const auto doubled = merge(files);
    CHECK(doubled.exit_code == cli::done);
    CHECK(doubled.out == library.score({}, ReportFormat::csv, true));
    CHECK_THAT(doubled.err, ContainsSubstring("double; one of each is kept"));

    std::string other = test::read_bytes(files.front());
    const auto row = other.find('\n') + 1;
    other.replace(other.find(".png,", row) + 5, 1, "1");
    test::write_bytes(library.folder / "other", other);
    files.back() = (library.folder / "other").string();
    const auto contradicted = merge(files);
    CHECK(contradicted.exit_code == some_files_failed);
    CHECK_THAT(contradicted.err, ContainsSubstring("has different rows in"));
}

TEST_CASE("merge takes a score rather than a failure, and no halves", "[shard]") {
    const test::TemporaryFolder folder;
    const auto file = [&](const std::string& name, const std::string& text) {
        test::write_bytes(folder / name, text);
        return (folder / name).string();
    };
    const auto failed =
        file("failed", "{\"path\":\"a\",\"error\":\"a: no\"}\n{\"path\":\"b\",\"error\":\"b: no\"}\n");
    const auto good = file("good", "{\"path\":\"a\",\"score\":5.0}\n");
    CHECK(merge({failed, good}).out ==
          "{\"path\":\"a\",\"score\":5.0}\n{\"path\":\"b\",\"error\":\"b: no\"}\n");
    for (const auto& [wrong, reason] : std::vector<std::pair<std::string, std::string>>{
             {file("cut.jsonl", "{\"path\":\"a\",\"score\":5.0}\n{\"path\":\"b\",\"sc"), "line 2 is damaged"},
             {file("cut.json", "[\n{\"path\":\"a\"}"), "is damaged or cut off"},
             {file("cut.csv", "path,score\na,5.0\nb,5"), "is cut off"},
             {file("none.csv", "image,score\na,5\n"), "path"},
             {(folder / "missing").string(), "cannot be read"}}) {
        const auto run = merge({wrong});
        CHECK(run.exit_code == cannot_start);
        CHECK(run.out.empty());
        CHECK_THAT(run.err, ContainsSubstring(wrong) && ContainsSubstring(reason));
    }
    const auto csv = file("good.csv", "path,score\na,5.0\n");
    CHECK_THAT(merge({good, csv}).err, ContainsSubstring("is of another format"));
    CHECK_THAT(merge({csv, file("wide.csv", "path,score,stars\nb,5.0,3\n")}).err,
               ContainsSubstring("its columns are path,score,stars and should be path,score"));
}

TEST_CASE("merge keeps one row for each key of a photo, and rows of photos that were sent", "[shard]") {
    const test::TemporaryFolder folder;
    const std::string second = R"({"id":"k2","path":"a.jpg","score":5.0})",
                      first = R"({"id":"k1","path":"a.jpg","score":5.0})",
                      sent = R"({"id":"k3","path":"","score":4.0})";
    test::write_bytes(folder / "rows", second + "\n" + first + "\n" + sent + "\n" + first + "\n");
    const auto merged = merge({(folder / "rows").string()});
    CHECK(merged.exit_code == cli::done);
    CHECK(merged.out == sent + "\n" + first + "\n" + second + "\n");
    CHECK_THAT(merged.err, ContainsSubstring("1 row is double"));
    test::write_bytes(folder / "csv", "id,path,score\nk2,a.jpg,5\nk1,a.jpg,5\n");
    CHECK(merge({(folder / "csv").string()}).out == "id,path,score\nk1,a.jpg,5\nk2,a.jpg,5\n");
    test::write_bytes(folder / "nobody", "{\"score\":4.0}\n");
    CHECK(merge({(folder / "nobody").string()}).exit_code == cannot_start);
}

TEST_CASE("merge keeps every row of lines that named no photo, as it was", "[shard]") {
    const test::TemporaryFolder folder;
    const std::string rows =
        "path,score,error\n"
        ",,line 2: is empty and should be a path\n"
        ",,line 3: is empty and should be a path\n"
        "a.jpg,5.00,\n";
    test::write_bytes(folder / "rows.csv", rows);
    CHECK(merge({(folder / "rows.csv").string()}).out == rows);
}

TEST_CASE("merge warns of rows that were computed with other numbers", "[shard]") {
    const test::TemporaryFolder folder;
    const auto part = [&](const std::string& path, const std::string& device) {
        test::write_bytes(
            folder / path,
            R"({"path":")" + path + R"(","score":5.0,"model_hash":"ab","device":")" + device + "\"}\n");
        return (folder / path).string();
    };
    const auto a = part("a", "cpu"), b = part("b", "cpu-float"), c = part("c", "cuda:1"),
               d = part("d", "cuda:0"), e = part("e", "");
    const auto mixed = merge({a, b, c}, {folder.path().string()});
    CHECK(mixed.exit_code == cli::done);
    CHECK_THAT(mixed.err,
               ContainsSubstring("rows were computed on cpu, cpu-float and cuda, whose numbers differ"));
    CHECK_THAT(merge({c, d, e}).err, !ContainsSubstring("computed on"));

    test::write_bytes(folder / "f.csv", "path,score,device\nf,5.0,cpu\n");
    test::write_bytes(folder / "g.csv", "path,score,device\ng,5.0,cuda:0-half\n");
    CHECK_THAT(merge({(folder / "f.csv").string(), (folder / "g.csv").string()}).err,
               ContainsSubstring("cpu and cuda-half"));
}

TEST_CASE("rows merged for a terminal cannot steer it", "[shard]") {
    const test::TemporaryFolder folder;
    test::write_bytes(folder / "part", "path,score\nred\x1b[31m.jpg,5\nplain.jpg,6\n");
    const std::string part = (folder / "part").string();
    CHECK(merge({part}).out.find('\x1b') != std::string::npos);
    const std::string shown = merge({part}, {}, true).out;
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK_THAT(shown, ContainsSubstring("plain.jpg,6\n"));
}
