// piaa-batch as a real process: signals, pipes, exit codes, and what it loads.
#include <csignal>
#include <thread>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using test::ChildProcess;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

const std::string program = PIAA_BATCH;

ChildProcess::Ending run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program);
    return ChildProcess(arguments).wait();
}

/// Arguments of "score" with the tiny model.
std::vector<std::string> score(const test::TemporaryFolder& folder, std::vector<std::string> more) {
    std::vector<std::string> all = {program, "score", "--model",
                                    test::write_tiny_model(folder.path()).string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::string photo(const test::TemporaryFolder& folder, const std::string& name) {
    return test::write_photo(test::random_pixels({90, 60}), folder / name).string();
}

}  // namespace

TEST_CASE("help and wrong usage have their exit codes", "[program]") {
    CHECK(run({"--help"}).exit_code == 0);
    CHECK(run({"score", "--help"}).exit_code == 0);
    CHECK(run({"--version"}).exit_code == 0);
    for (const auto& wrong :
         std::vector<std::vector<std::string>>{{},
                                               {"paint"},
                                               {"score"},
                                               {"score", "x.jpg", "--bogus"},
                                               {"score", "x.jpg", "--jobs", "0"},
                                               {"score", "x.jpg", "--format", "xml"},
                                               {"score", "x.jpg", "--top", "none"},
                                               {"score", "x.jpg", "--stars", "6"},
                                               {"score", "x.jpg", "--stars", "5-3"},
                                               {"score", "x.jpg", "--min-score", "11"},
                                               {"score", "x.jpg", "--overwrite-rating"},
                                               {"score", "x.jpg", "--copy-to", "a", "--move-to", "b"},
                                               {"undo"},
                                               {"crop", "x.jpg", "--preview", "--into", "a"},
                                               {"score", "x.jpg", "-"}})
        CHECK(run(wrong).exit_code == 2);
    CHECK(run({"score", "x.jpg", "--model", "/nowhere.safetensors"}).exit_code == 3);
}

TEST_CASE("help does not wait for the network runtime", "[program]") {
    const auto ending = ChildProcess({program, "--help"}, {{"LD_DEBUG", "files"}}).wait();
    CHECK(ending.errors.find("libpiaa") != std::string::npos);
    CHECK(ending.errors.find("libtorch") == std::string::npos);
}

TEST_CASE("each path on standard input is answered before the next one is given", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    ChildProcess child(score(folder, {"-", "--format", "jsonl", "--quiet"}));
    Json row;
    for (int i = 0; i < 3; ++i) {
        child.write(file + "\n");
        row = Json::parse(child.read_line());
        CHECK(row["path"] == file);
    }
    child.write("missing.jpg\n");
    const auto answer = Json::parse(child.read_line());
    CHECK(answer["path"] == "missing.jpg");
    CHECK(answer["error"] == "missing.jpg: cannot be read: No such file or directory");
    for (const auto& [key, value] : row.items()) {
        CAPTURE(key);
        REQUIRE(answer.contains(key));
        CHECK(answer[key].type() == value.type());
    }
    CHECK(answer.size() == row.size());
    const auto ending = child.wait();
    CHECK(ending.exit_code == 1);
    CHECK(ending.output.empty());
}

TEST_CASE("an interruption keeps the finished rows and says where", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    const int signal = GENERATE(SIGINT, SIGTERM);
    ChildProcess child(score(folder, {"-", "--output", (folder / "rows.csv").string()}));
    child.write(file + "\n" + file + "\n");
    const auto partial = folder / "rows.csv.partial";
    const auto rows = [&] {
        const auto bytes = fs::exists(partial) ? test::read_bytes(partial) : "";
        return std::count(bytes.begin(), bytes.end(), '\n');
    };
    while (rows() < 3) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    child.send(signal);
    const auto ending = child.wait();
    CHECK(ending.exit_code == 1);
    CHECK_FALSE(fs::exists(folder / "rows.csv"));
    CHECK(rows() == 3);
    CHECK_THAT(ending.errors,
               ContainsSubstring("interrupted before the end") && ContainsSubstring("rows.csv.partial"));
}

TEST_CASE("a full disk and a reader that left are told", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    const auto full = ChildProcess(score(folder, {file, "--output", "/dev/full"})).wait();
    CHECK(full.exit_code == 1);
    CHECK_THAT(full.errors, ContainsSubstring("/dev/full: cannot be written: No space left on device"));

    ChildProcess child(score(folder, {"-"}));
    child.close_output();
    child.write(file + "\n");
    const auto left = child.wait();
    CHECK(left.exit_code == 1);
    CHECK_THAT(left.errors, ContainsSubstring("standard output: cannot be written: Broken pipe"));
}
