// Options from ~/.config/piaa/piaa.toml: which holds when several say something.
#include "shell/settings_file.h"

#include <algorithm>
#include <sstream>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"

using namespace piaa;
using test::ChildProcess;
namespace fs = boost::filesystem;

namespace {

/// Runs piaa-batch for somebody whose settings file holds this text.
ChildProcess::Ending run(const std::string& settings, std::vector<std::string> arguments) {
    const test::TemporaryFolder home;
    fs::create_directories(home / "piaa");
    fs::ofstream(home / "piaa/piaa.toml") << settings;
    arguments.insert(arguments.begin(), PIAA_BATCH);
    return ChildProcess(arguments, {{"XDG_CONFIG_HOME", home.path().string()}}).wait();
}

bool says(const ChildProcess::Ending& ending, const std::string& line) {
    std::istringstream lines(ending.output);
    for (std::string each; std::getline(lines, each);)
        if (each == line) return true;
    return false;
}

}  // namespace

TEST_CASE("an option that is not given comes from the command's section, then from above all sections",
          "[settings]") {
    const std::string settings = "jobs=3\nmodel=\"lite\"\n[score]\njobs=2\nquiet=true\n[crop]\ncount=7\n";
    const auto score = run(settings, {"score", "a.jpg", "--print-config"});
    CHECK(score.exit_code == 0);
    CHECK(says(score, "[score]"));
    CHECK(says(score, "jobs = 2"));
    CHECK(says(score, "model = \"lite\""));
    CHECK(says(score, "quiet = true"));
    const auto crop = run(settings, {"crop", "a.jpg", "--print-config"});
    CHECK(says(crop, "jobs = 3"));
    CHECK(says(crop, "count = 7"));
    CHECK(says(run(settings, {"--print-config", "score", "a.jpg", "--jobs", "5"}), "jobs = 5"));
}

TEST_CASE("flags of the settings file hold", "[settings]") {
    const test::TemporaryFolder folder;
    const std::string empty = (folder / "empty.jpg").string();
    fs::ofstream(empty).close();
    // The photo is named whatever happens, the summary comes only without --quiet.
    const auto loud = run("", {"score", empty}), quiet = run("quiet=true\n", {"score", empty});
    CHECK(loud.exit_code == 1);
    CHECK(loud.errors.size() > quiet.errors.size());
    CHECK(run("failed-ok=true\n", {"score", empty}).exit_code == 0);
}

TEST_CASE("what an unknown or wrong setting is, is said", "[settings]") {
    const auto unknown = run("colour=\"red\"\n", {"score", "a.jpg"});
    CHECK(unknown.exit_code == 2);
    CHECK(unknown.errors.find("piaa.toml: 'colour' is no option") != std::string::npos);
    CHECK(run("[score]\ncount=7\n", {"score", "a.jpg"}).exit_code == 2);  // crop's, in the wrong section
    CHECK(run("[scoe]\njobs=1\n", {"score", "a.jpg"}).errors.find("[scoe] is no command") !=
          std::string::npos);
    CHECK(run("jobs=0\n", {"score", "a.jpg"}).exit_code == 2);
    CHECK(run("count=7\n", {"score", "a.jpg", "--print-config"}).exit_code == 0);  // an option of crop
}

TEST_CASE("a settings file may begin by a byte order mark", "[settings]") {
    CHECK(says(run("\xEF\xBB\xBFjobs=3\n", {"score", "a.jpg", "--print-config"}), "jobs = 3"));
    CHECK(says(run("\xEF\xBB\xBF[score]\njobs=3\n", {"score", "a.jpg", "--print-config"}), "jobs = 3"));
    CHECK(run("\xEF\xBB\xBF", {"score", "a.jpg", "--print-config"}).exit_code == 0);
}

TEST_CASE("what stands in a settings file cannot steer a terminal", "[settings]") {
    for (const char* settings : {"\x1b[31mcolour=1\n", "[\x1b[31m]\njobs=1\n", "jobs=\"\x1b[31m\"\n"}) {
        const auto ending = run(settings, {"score", "a.jpg"});
        CHECK(ending.exit_code == 2);
        CHECK(ending.errors.find('\x1b') == std::string::npos);
        CHECK(ending.errors.find("\\x1b[31m") != std::string::npos);
    }
}

TEST_CASE("another settings file is named by --config, and an empty one is none", "[settings]") {
    const test::TemporaryFolder folder;
    fs::ofstream(folder / "mine.toml") << "jobs=4\n";
    const std::string other = (folder / "mine.toml").string();
    CHECK(says(run("jobs=3\n", {"score", "a.jpg", "--config", other, "--print-config"}), "jobs = 4"));
    CHECK_FALSE(says(run("jobs=3\n", {"score", "a.jpg", "--config", "", "--print-config"}), "jobs = 3"));
    CHECK(run("", {"score", "a.jpg", "--config", "/nowhere.toml"}).exit_code == 2);
}

TEST_CASE("what --print-config prints is a settings file that says the same", "[settings]") {
    const auto first = run(
        "", {"crop", "a.jpg", "--preset", "square", "--preset", "story", "--jobs", "2", "--print-config"});
    const auto again = run(first.output, {"crop", "a.jpg", "--print-config"});
    CHECK(again.exit_code == 0);
    CHECK(says(first, "[crop]"));
    CHECK(again.output.substr(again.output.find("[crop]")) ==
          first.output.substr(first.output.find("[crop]")));
}

TEST_CASE("a settings file that cannot be read is not taken for an empty one", "[settings]") {
    // Opens as a file does, and cannot be read from its start.
    const auto broken = run("", {"score", "a.jpg", "--config", "/proc/self/mem", "--print-config"});
    CHECK(broken.exit_code == 2);
    CHECK(broken.errors.find("/proc/self/mem: cannot be read and should be a settings file") !=
          std::string::npos);

    const test::TemporaryFolder home;
    fs::create_directories(home / "piaa/piaa.toml");
    const auto folder = ChildProcess({PIAA_BATCH, "score", "a.jpg", "--print-config"},
                                     {{"XDG_CONFIG_HOME", home.path().string()}})
                            .wait();
    CHECK(folder.exit_code == 2);
    CHECK(folder.errors.find("piaa.toml: cannot be read and should be a settings file") != std::string::npos);
}

TEST_CASE("a setting that needs an option holds where that is given", "[settings]") {
    const std::string settings = "[score]\nkeyword=\"piaa:\"\nlabel=\"Green>=7\"\n";
    const auto plain = run(settings, {"score", "a.jpg", "--print-config"});
    CHECK(plain.exit_code == 0);
    CHECK(plain.output.find("keyword") == std::string::npos);
    CHECK(says(run(settings, {"score", "a.jpg", "--xmp", "--print-config"}), "keyword = \"piaa:\""));
    CHECK(says(run(settings + "xmp=true\n", {"score", "a.jpg", "--print-config"}), "keyword = \"piaa:\""));
    CHECK_FALSE(
        says(run(settings + "xmp=false\n", {"score", "a.jpg", "--print-config"}), "keyword = \"piaa:\""));
    CHECK(run("", {"score", "a.jpg", "--keyword", "piaa:"}).exit_code == 2);
}

TEST_CASE("a setting gives way to an option that comes before it and excludes it", "[settings]") {
    const auto holds = [](const std::string& settings, std::vector<std::string> arguments,
                          const std::string& line, const std::string& gone) {
        arguments.push_back("--print-config");
        const auto ending = run(settings, arguments);
        return ending.exit_code == 0 && says(ending, line) &&
               ending.output.find('\n' + gone) == std::string::npos;
    };
    CHECK(holds("[score]\nstars-at=\"4,5,6,7\"\n", {"score", "a.jpg", "--stars-like-mine"},
                "stars-like-mine = true", "stars-at"));
    CHECK(
        holds("[score]\nshard=\"1/2\"\n", {"score", "a.jpg", "--percentile"}, "percentile = true", "shard"));
    CHECK(holds("[pick]\nxmp=true\nreject=true\n", {"pick", "a.jpg", "--cover", "3"}, "cover = 3", "reject"));
    CHECK(holds("[score]\ncopy-to=\"a\"\n", {"score", "a.jpg", "--move-to", "there"}, "move-to = \"there\"",
                "copy-to"));
    CHECK(
        holds("shard=\"1/2\"\n[score]\npercentile=true\n", {"score", "a.jpg"}, "percentile = true", "shard"));
    CHECK(run("[score]\nshard=\"1/2\"\npercentile=true\n", {"score", "a.jpg"}).exit_code == 2);
}

TEST_CASE("what is wrong with a setting is said with its file", "[settings]") {
    for (const char* settings : {"jobs=0\n", "jobs=\"many\"\n", "[score]\nstars-at=\"9,8,7,6\"\n",
                                 "[score]\nshard=\"1/2\"\npercentile=true\n"}) {
        const auto ending = run(settings, {"score", "a.jpg"});
        CAPTURE(ending.errors);
        CHECK(ending.exit_code == 2);
        CHECK(ending.errors.find("piaa.toml: ") != std::string::npos);
    }
    CHECK(run("jobs=2\n", {"score", "a.jpg", "--jobs", "0"}).errors.find("piaa.toml") == std::string::npos);
}
