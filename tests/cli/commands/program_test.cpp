// piaa-batch as a real process: signals, pipes, exit codes, and what it loads.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "console/base64.h"
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
    for (const auto& wrong : std::vector<std::vector<std::string>>{
             {},
             {"paint"},
             {"score"},
             {"score", "x.jpg", "--bogus"},
             {"score", "x.jpg", "--jobs", "0"},
             {"crop", "x.jpg", "--crs"},
             {"score", "x.jpg", "--format", "xml"},
             {"score", "x.jpg", "--top", "none"},
             {"score", "x.jpg", "--stars", "6"},
             {"score", "x.jpg", "--stars-at", "4,5,6"},
             {"score", "x.jpg", "--stars-at", "4,5,7,6"},
             {"score", "x.jpg", "--label", "Green>=7"},
             {"score", "x.jpg", "--xmp", "--label", "Green"},
             {"score", "x.jpg", "--xmp", "--label", "Green>=11"},
             {"score", "x.jpg", "--xmp", "--label", "Green>=7,Blue>=7"},
             {"score", "x.jpg", "--xmp", "--keyword", "a,b"},
             {"score", "x.jpg", "--xmp", "--accept-from", "7", "--reject-below", "8"},
             {"score", "--watch", ".", "--top", "3"},
             {"score", "--watch", ".", "--soft-subject"},
             {"score", ".", "--soft-subject", "--shard", "1/2"},
             {"score", "--watch", ".", "--xmp", "--into-originals"},
             {"score", "--watch", ".", "--copy-to", "best"},
             {"score", "-", "--watch", "."},
             {"score", "x.jpg", "--stars", "5-3"},
             {"score", "x.jpg", "--min-score", "11"},
             {"score", "x.jpg", "--overwrite-rating"},
             {"score", "x.jpg", "--copy-to", "a", "--move-to", "b"},
             {"undo", "log", "--last"},
             {"crop", "x.jpg", "--preview", "--into", "a"},
             {"score", "x.jpg", "-"}})
        CHECK(run(wrong).exit_code == 2);
    CHECK(run({"score", "x.jpg", "--model", "/nowhere.safetensors"}).exit_code == 3);
}

TEST_CASE("text that nothing would show is a mistake of usage", "[program]") {
    const auto nowhere = run({"crop", "a.jpg", "--text", "Summer"});
    CHECK(nowhere.exit_code == 2);
    CHECK_THAT(nowhere.errors, ContainsSubstring("--text: shows in --svg and --preview alone"));
    const test::TemporaryFolder folder;
    const auto poster = [&](std::vector<std::string> more) {
        more.insert(more.begin(),
                    {"crop", "gone.jpg", "--text", "Summer", "--svg", (folder / "svg").string()});
        return run(more);
    };
    const auto no_room = poster({"--aspect", "1:1"});
    CHECK(no_room.exit_code == 2);
    CHECK_THAT(no_room.errors, ContainsSubstring("1 text is given, and format 1:1 has room for none: take a "
                                                 "preset with text boxes, or --blank"));
    CHECK_THAT(poster({"--aspect", "1:1", "--preset", "square"}).errors,
               ContainsSubstring("1 text is given, and no format has room for any: take"));
    CHECK_FALSE(fs::exists(folder / "svg"));
    const auto too_many = poster(
        {"--preset", "square", "--preset", "poster-headline-top", "--text", "More", "--text", "And more"});
    CHECK(too_many.exit_code == 2);
    CHECK_THAT(too_many.errors,
               ContainsSubstring("3 texts are given, and no format has room for more than 1\n"));
    CHECK(poster({"--preset", "square", "--preset", "poster-headline-top"}).exit_code != 2);
    CHECK(poster({"--blank", "0.1,0.1,0.8,0.2"}).exit_code != 2);
}

TEST_CASE("options of crop that change nothing are told", "[program]") {
    const auto errors = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"crop", "gone.jpg", "--aspect", "1:1"});
        return run(more).errors;
    };
    const std::string text =
        " is about text, and no format has room for any: take a preset with text boxes, or --blank";
    CHECK_THAT(errors({"--contrast", "4.5"}), ContainsSubstring("--contrast" + text));
    CHECK_THAT(errors({"--text-colour", "#ff0000"}), ContainsSubstring("--text-colour" + text));
    CHECK_THAT(errors({"--looks", "4"}),
               ContainsSubstring("--looks asks a person's judgement, and nobody is named by --user"));
    CHECK_THAT(errors({"--contrast", "4.5", "--blank", "0.1,0.1,0.8,0.2"}), !ContainsSubstring("--contrast"));
    CHECK_THAT(errors({"--contrast", "4.5", "--looks", "4", "--quiet"}), !ContainsSubstring("--"));
}

TEST_CASE("options of score that change nothing, or write two things into one file, are refused",
          "[program]") {
    const auto dry = run({"score", "gone.jpg", "--dry-run"});
    CHECK(dry.exit_code == 2);
    CHECK_THAT(dry.errors, ContainsSubstring("none of them is given"));
    CHECK_THAT(run({"score", "gone.jpg", "--dry-run", "--xmp"}).errors, !ContainsSubstring("--dry-run"));
    const auto twice = run({"score", "gone.jpg", "--output", "x.html", "--report", "x.html"});
    CHECK(twice.exit_code == 2);
    CHECK_THAT(twice.errors, ContainsSubstring("should be two files"));
}

TEST_CASE("a file that cannot be made is bad usage", "[program]") {
    const test::TemporaryFolder folder;
    const auto ending = run({"score", photo(folder, "a"), "--output", (folder / "no" / "x.csv").string()});
    CHECK(ending.exit_code == 2);
    CHECK_THAT(ending.errors, ContainsSubstring("x.csv: cannot be written: No such file or directory"));
}

TEST_CASE("a file is no folder of images to adapt to", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    const auto ending =
        run({"adapt", "--images", file, "--choices", file, "--output", (folder / "me.pt").string()});
    CHECK(ending.exit_code == 2);
    CHECK_THAT(ending.errors, ContainsSubstring("--images: " + file + " is no folder and should be one"));
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

TEST_CASE("every line on standard input has its row, in order, whatever it says", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto line = [](const Json& object) { return object.dump() + "\n"; };
    const std::string lines = file + "\n\n" + line({{"id", "k1"}, {"path", file}}) + "{\n" +
                              line({{"id", 2}, {"base64", cli::base64(bytes)}}) +
                              line({{"id", "k3"}, {"base64", cli::base64("no image")}}) +
                              line({{"id", "k4"}, {"path", file}, {"profile", "nobody.pt"}}) +
                              "missing.jpg\n";
    for (const bool failed_ok : {false, true}) {
        auto arguments = score(folder, {"-", "--format", "jsonl", "--quiet", "--jobs", "2"});
        if (failed_ok) arguments.push_back("--failed-ok");
        ChildProcess child(arguments);
        child.write(lines);
        const auto ending = child.wait();
        CHECK(ending.exit_code == (failed_ok ? 0 : 1));
        std::vector<Json> rows;
        std::istringstream out(ending.output);
        for (std::string row; std::getline(out, row);) rows.push_back(Json::parse(row));
        REQUIRE(rows.size() == 8);
        const std::vector<std::string> keys = {"", "", "k1", "", "2", "k3", "k4", ""};
        const std::vector<bool> scored = {true, false, true, false, true, false, false, false};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CAPTURE(i, rows[i]);
            CHECK(rows[i]["id"] == keys[i]);
            CHECK((rows[i]["error"] == "") == scored[i]);
            CHECK((rows[i]["score"] == rows[0]["score"]) == scored[i]);
            REQUIRE(rows[i].size() == rows[0].size());
            for (const auto& [key, value] : rows[0].items()) CHECK(rows[i].at(key).type() == value.type());
        }
        CHECK(rows[3]["error"] == "line 4: starts like JSON and is damaged or cut off");
        CHECK(rows[5]["path"] == "k3");
    }
}

TEST_CASE("keys on standard input come back with the rows", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    ChildProcess child(score(folder, {"-", "--id", "--format", "jsonl", "--quiet"}));
    child.write("key 1\t" + file + "\n");
    const auto row = Json::parse(child.read_line());
    CHECK(row["id"] == "key 1");
    CHECK(row["path"] == file);
    child.wait();
    CHECK(run({"score", folder.path().string(), "--id"}).exit_code == 2);

    ChildProcess table(score(folder, {"-", "--id", "--format", "csv", "--quiet"}));
    table.write("key 1\t" + file + "\nkey 2\tmissing.jpg\n");
    const auto rows = table.wait().output;
    CHECK(rows.starts_with("id,path,score,spread,stars,flags,error\nkey 1," + file + ","));
    CHECK(rows.ends_with("\nkey 2,missing.jpg,,,,,missing.jpg: cannot be read: No such file or directory\n"));
}

TEST_CASE("keys come back from every command that takes them", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a"), other = photo(folder, "b");
    const std::string command = GENERATE("pick", "crop", "similar");
    for (const char* format : {"csv", "jsonl"}) {
        auto words = score(folder, {"-", "--id", "--format", format, "--quiet"});
        words[1] = command;
        if (command == "similar") words.insert(words.begin() + 2, other);
        ChildProcess child(words);
        child.write("key 1\t" + file + "\n");
        const std::string rows = child.wait().output;
        INFO(command << '\n' << rows);
        if (format == std::string("csv")) {
            CHECK(rows.starts_with("id,path,"));
            CHECK(rows.find("\nkey 1," + file + ",") != std::string::npos);
        } else {
            CHECK(Json::parse(rows.substr(0, rows.find('\n')))["id"] == "key 1");
        }
    }
}

TEST_CASE("with --failed-ok photos that failed have their rows, and folders that failed count still",
          "[program]") {
    const test::TemporaryFolder folder;
    photo(folder, "a");
    test::write_bytes(folder / "b.jpg", "no image");
    auto arguments = score(folder, {folder.path().string(), "--format", "jsonl", "--quiet", "--failed-ok"});
    const auto ending = ChildProcess(arguments).wait();
    CHECK(ending.exit_code == 0);
    CHECK(std::count(ending.output.begin(), ending.output.end(), '\n') == 2);
    CHECK(ending.output.find("b.jpg: ") != std::string::npos);
    arguments.push_back((folder / "nowhere").string());
    CHECK(ChildProcess(arguments).wait().exit_code == 1);
}

TEST_CASE("progress as JSON tells of start, each photo, errors and end, and of nothing else", "[program]") {
    const test::TemporaryFolder folder;
    fs::create_directories(folder / "photos");
    test::write_photo(test::random_pixels({90, 60}), folder / "photos/a");
    test::write_bytes(folder / "photos/b.jpg", "no image");
    const std::vector<std::string> what = {(folder / "photos").string(), (folder / "nowhere").string()};
    auto arguments = score(folder, {what[0], what[1], "--format", "jsonl", "--progress", "json"});
    const auto ending = ChildProcess(arguments).wait();
    std::vector<Json> events;
    std::istringstream lines(ending.errors);
    for (std::string line; std::getline(lines, line);) events.push_back(Json::parse(line));
    std::vector<std::string> names;
    for (const Json& event : events) names.push_back(event["event"]);
    REQUIRE(names == std::vector<std::string>{"start", "error", "progress", "error", "progress", "done"});
    CHECK(events[0]["total"] == 2);
    CHECK(events[1]["index"] == 0);
    CHECK(events[2]["index"] == 1);
    CHECK(events[2]["path"] == (folder / "photos/a.png").string());
    CHECK(events[3]["index"] == 2);
    CHECK(events[3]["error"].get<std::string>().find("b.jpg: ") != std::string::npos);
    CHECK(events[4]["total"] == 2);
    CHECK(events[5]["done"] == 1);
    CHECK(events[5]["failed"] == 2);
    CHECK(events[5]["interrupted"] == false);

    // On a descriptor of its own, beside what people read.
    const std::string told = (folder / "events").string();
    std::string command = "exec 7>'" + told + "'; exec";
    arguments.back() = "json:7";
    for (const std::string& argument : arguments) command += " '" + argument + "'";
    const auto beside = ChildProcess({"/bin/sh", "-c", command}).wait();
    CHECK(beside.errors.find("piaa-batch: 1 photo, 2 failed") != std::string::npos);
    std::ifstream file(told);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line); ++count) CHECK(Json::parse(line).contains("event"));
    CHECK(count == events.size());
    CHECK(run({"score", what[0], "--progress", "json:99"}).exit_code == 2);
    CHECK(run({"score", what[0], "--progress", "xml"}).exit_code == 2);
}

TEST_CASE("an interruption keeps the finished rows and says where", "[program]") {
    const test::TemporaryFolder folder;
    const std::string file = photo(folder, "a");
    const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
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

TEST_CASE("what is decided over all photos is not done when the run is interrupted", "[program]") {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "in");
    const std::string out = (folder / "out").string();
    const auto [command, options, is_done] = GENERATE_COPY(table<std::string, std::vector<std::string>, bool>(
        {{"score", {"--top", "1", "--move-to", out}, false},
         {"score", {"--top", "1", "--xmp"}, false},
         {"score", {"--soft-subject", "--xmp"}, false},
         {"pick", {"--xmp"}, false},
         {"score", {"--min-score", "1", "--xmp"}, true}}));
    CAPTURE(command, options);
    const std::string file =
        test::write_photo(test::random_pixels({90, 60}), folder / "in/a", {.suffix = ".jpg"}).string();
    std::vector<std::string> arguments = {PIAA_BATCH,
                                          command,
                                          "-",
                                          "--model",
                                          "lite",
                                          "--output",
                                          (folder / "rows.csv").string(),
                                          "--progress",
                                          "json:1",
                                          "--undo-log",
                                          (folder / "undo").string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    ChildProcess child(arguments);
    child.write(file + "\n");
    std::string event;
    do event = child.read_line();
    while (!event.empty() && event.find("\"progress\"") == std::string::npos);
    child.send(SIGINT);
    const auto ending = child.wait();
    CHECK(ending.exit_code == 1);
    const std::string sentence =
        "before all photos were compared, so none was copied, moved, linked or marked";
    CHECK((ending.errors.find(sentence) == std::string::npos) == is_done);
    CHECK(fs::exists(file));
    CHECK(fs::exists(file + ".xmp") == is_done);
    CHECK(fs::exists(folder / "undo") == is_done);
}

TEST_CASE("an interruption while photos are moved leaves the rest, and the log is named", "[program]") {
    constexpr int count = 80;
    const test::TemporaryFolder folder;
    const fs::path in = folder / "in", out = folder / "out";
    fs::create_directory(in);
    for (int i = 0; i < count; ++i)
        test::write_photo(test::random_pixels({40 + i, 30}), in / std::to_string(i), {.suffix = ".jpg"});
    const auto files = [](const fs::path& place) {
        boost::system::error_code none;
        return std::distance(fs::directory_iterator(place, none), fs::directory_iterator());
    };
    const std::string log = (folder / "undo").string();
    ChildProcess child(score(folder, {in.string(), "--top", std::to_string(count), "--copy-to", out.string(),
                                      "--undo-log", log, "--output", (folder / "rows.csv").string()}));
    for (int tries = 0; files(out) == 0 && tries < 30'000; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    child.send(SIGINT);
    const auto ending = child.wait();
    INFO(ending.errors);
    CHECK(
        (ending.exit_code == 0 || ending.exit_code == 1));  // all were copied before the signal came, or not
    CHECK((ending.exit_code == 0) == (files(out) == count));
    CHECK_THAT(ending.errors, ContainsSubstring("to take that back: piaa-batch undo " + log));
    if (ending.exit_code == 1)
        CHECK_THAT(ending.errors, ContainsSubstring("interrupted; " + std::to_string(count - files(out))));
}

TEST_CASE("photos that arrive in a watched folder are told one by one, and Ctrl-C is the end", "[program]") {
    const test::TemporaryFolder folder;
    const fs::path hot = folder / "hot";
    fs::create_directory(hot);
    const std::string there = test::write_photo(test::random_pixels({90, 60}), hot / "there").string();
    ChildProcess child(score(folder, {hot.string(), "--watch", hot.string(), "--settle", "0.1", "--format",
                                      "jsonl", "--xmp", "--undo-log", (folder / "undo").string()}));
    const auto next = [&] { return Json::parse(child.read_line()); };
    CHECK(next()["path"] == there);
    const fs::path first = test::write_photo(test::random_pixels({90, 60}), hot / "first");
    CHECK(next()["path"] == first.string());
    test::write_bytes(hot / "broken.jpg", "no photo");
    const Json broken = next();
    CHECK(broken["path"] == (hot / "broken.jpg").string());
    CHECK(broken["error"] != "");
    fs::create_directory(hot / "day");
    fs::copy_file(first, hot / "day/.part");
    fs::rename(hot / "day/.part", hot / "day/second.png");
    CHECK(next()["path"] == (hot / "day/second.png").string());
    child.send(SIGINT);
    const auto ending = child.wait();
    INFO(ending.errors);
    CHECK(ending.exit_code == 1);  // one photo failed
    CHECK(ending.output.empty());
    CHECK(fs::exists(hot / "first.png.xmp"));
    CHECK_THAT(ending.errors, ContainsSubstring("3 photos, 1 failed") && ContainsSubstring("Ctrl-C ends it"));
}

TEST_CASE("a run whose watched folder is moved away says so and what it did", "[program]") {
    const test::TemporaryFolder folder;
    const fs::path hot = folder / "hot", out = folder / "out";
    fs::create_directory(hot);
    test::write_photo(test::random_pixels({90, 60}), hot / "there");
    ChildProcess child(score(folder, {hot.string(), "--watch", hot.string(), "--xmp", "--move-to",
                                      out.string(), "--undo-log", (folder / "undo").string()}));
    while (!fs::exists(out / "there.png.xmp")) std::this_thread::yield();
    fs::rename(hot, folder / "album");
    const auto ending = child.wait();
    INFO(ending.errors);
    CHECK(ending.exit_code == 1);
    CHECK_THAT(ending.errors,
               ContainsSubstring("hot: was moved, removed or unmounted, so nothing arrives any more") &&
                   ContainsSubstring("1 photo, 1 failed in") && ContainsSubstring("sidecars: 1 written") &&
                   ContainsSubstring("1 photo (2 files) moved to") && ContainsSubstring("to take that back"));
}

TEST_CASE("a photo whose name begins like an option is told how it is written", "[program]") {
    const test::TemporaryFolder folder;
    fs::rename(photo(folder, "a"), folder / "-dash.png");
    const std::string in = "cd '" + folder.path().string() + "' && exec '" + program + "' score ";
    const auto told = ChildProcess({"/bin/sh", "-c", in + "-dash.png"}).wait();
    CHECK(told.exit_code == 2);
    CHECK_THAT(told.errors, ContainsSubstring("a file of that name is written ./-dash.png"));
    CHECK(ChildProcess({"/bin/sh", "-c", in + "--model lite ./-dash.png"}).wait().exit_code == 0);
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

TEST_CASE("what cannot be read is one sentence that names it, whichever file it is", "[program]") {
    const test::TemporaryFolder folder;
    const std::string a = photo(folder, "a"), in = folder.path().string(), long_name(300, 'x');
    const auto one_sentence = [&](const std::vector<std::string>& arguments, const std::string& named) {
        CAPTURE(arguments);
        const auto ending = run(arguments);
        CHECK((ending.exit_code >= 1 && ending.exit_code <= 3));
        CHECK_THAT(ending.errors, ContainsSubstring("piaa-batch: ") && ContainsSubstring(named));
        CHECK(std::count(ending.errors.begin(), ending.errors.end(), '\n') == 1);
    };
    // Reading the memory of a process at its start is an error of the device.
    const std::string failing = "/proc/self/mem";
    for (const std::string& file : {failing, in})
        for (const auto& arguments : std::vector<std::vector<std::string>>{
                 {"adapt", "--images", in, "--output", in + "/me.pt", "--ratings"},
                 {"adapt", "--images", in, "--output", in + "/me.pt", "--pairs"},
                 {"evaluate", "agreement", "--ratings"},
                 {"merge"},
                 {"profile", "show"},
                 {"score", a, "--user"},
                 {"score", a, "--model"}}) {
            auto all = arguments;
            all.push_back(file);
            one_sentence(all, file);
        }
    one_sentence({"score", a, "--model", long_name}, long_name);
    const auto gone =
        ChildProcess({"/bin/sh", "-c",
                      "mkdir $1/gone && cd $1/gone && rmdir $1/gone && exec " + program + " score " + a +
                          " --link-to best --model " + test::write_tiny_model(folder.path()).string(),
                      "sh", in})
            .wait();
    CHECK(gone.exit_code == 1);
    CHECK_THAT(gone.errors, ContainsSubstring("No such file or directory"));
}

TEST_CASE("adapt stops before it learns darktable's one star, and goes on as it is told", "[program]") {
    const test::TemporaryFolder folder;
    fs::create_directory(folder / "in");
    const auto rated = [&](const std::string& name, const std::string& stars) {
        const auto file =
            test::write_photo(test::random_pixels({90, 60}), folder / ("in/" + name), {.suffix = ".jpg"});
        test::write_bytes(file.string() + ".xmp",
                          "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                          "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
                          "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                          "xmlns:darktable=\"http://darktable.sf.net/\" darktable:xmp_version=\"5\" "
                          "xmp:Rating=\"" +
                              stars + "\"/></rdf:RDF></x:xmpmeta>");
    };
    for (const char* name : {"a", "b", "c", "d"}) rated(name, "1");
    rated("e", "4");
    rated("f", "5");
    const std::string profile = (folder / "me.pt").string();
    const std::vector<std::string> adapt = {
        "adapt", "--from-xmp", (folder / "in").string(), "--output", profile, "--model", "lite"};
    const auto with = [&](const std::string& more) {
        auto all = adapt;
        if (!more.empty()) all.push_back(more);
        return run(all);
    };
    const auto stopped = with("");
    CHECK(stopped.exit_code == 2);
    CHECK(stopped.errors.find("--ignore-rating 1") != std::string::npos);
    CHECK(stopped.errors.find("--accept-ones") != std::string::npos);
    CHECK_FALSE(fs::exists(profile));
    CHECK(with("--ignore-rating=1").output.find("2 ratings") != std::string::npos);
    CHECK(with("--accept-ones").output.find("6 ratings") != std::string::npos);
}
