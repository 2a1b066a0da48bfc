#include "console/output.h"

#include <iterator>
#include <sstream>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa::cli;
using piaa::test::read_bytes;
namespace fs = boost::filesystem;

TEST_CASE("neither a photo nor a profile is written over by rows", "[output]") {
    const piaa::test::TemporaryFolder folder;
    const auto photo = folder / "a.JPG", profile = folder / "me.pt";
    for (const auto& file : {photo, profile}) piaa::test::write_bytes(file, "work");
    std::ostringstream standard;
    CHECK_THROWS_WITH(Output(photo, standard), ContainsSubstring("a.JPG: is a photo by its name"));
    CHECK_THROWS_WITH(Output(profile, standard), ContainsSubstring("me.pt: is a profile by its name"));
    for (const auto& file : {photo, profile}) CHECK(read_bytes(file) == "work");
}

TEST_CASE("an output file has its name only when it is complete", "[output]") {
    const piaa::test::TemporaryFolder folder;
    const auto file = folder / "rows.csv";
    piaa::test::write_bytes(file, "old");
    std::ostringstream standard;
    {
        Output output(file, standard);
        output.stream() << "new\n";
        output.flush();
        CHECK(read_bytes(file) == "old");
        CHECK(output.partial() == fs::canonical(folder.path()) / "rows.csv.partial");
        CHECK(read_bytes(output.partial()) == "new\n");
        output.complete();
    }
    CHECK(read_bytes(file) == "new\n");
    CHECK_FALSE(fs::exists(folder / "rows.csv.partial"));
    CHECK(standard.str().empty());
}

TEST_CASE("finished rows stay beside when the work does not end well", "[output]") {
    const piaa::test::TemporaryFolder folder;
    std::ostringstream standard;
    { Output(folder / "rows.csv", standard).stream() << "half\n"; }
    CHECK_FALSE(fs::exists(folder / "rows.csv"));
    CHECK(read_bytes(folder / "rows.csv.partial") == "half\n");
    { const Output none(folder / "none.csv", standard); }
    CHECK_FALSE(fs::exists(folder / "none.csv.partial"));
    fs::create_directory(folder / "taken.csv.partial");
    CHECK_THROWS_WITH(Output(folder / "taken.csv", standard),
                      Catch::Matchers::EndsWith("taken.csv.partial: cannot be written: Is a directory"));
}

TEST_CASE("two runs that write one file at the same time both write a whole one", "[output]") {
    const piaa::test::TemporaryFolder folder;
    const auto file = folder / "rows.csv";
    std::ostringstream standard;
    {
        Output first(file, standard);
        first.stream() << "one\n";
        first.flush();
        Output second(file, standard);
        CHECK(second.partial() != first.partial());
        second.stream() << "two\n";
        second.flush();
        first.stream() << "more\n";
        first.complete();
        CHECK(read_bytes(file) == "one\nmore\n");
        second.complete();
        CHECK(read_bytes(file) == "two\n");
    }
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("what a killed run left beside is written anew", "[output]") {
    const piaa::test::TemporaryFolder folder;
    const auto file = folder / "rows.csv";
    piaa::test::write_bytes(folder / "rows.csv.partial", "many rows of before\n");
    std::ostringstream standard;
    Output output(file, standard);
    output.stream() << "new\n";
    output.complete();
    CHECK(read_bytes(file) == "new\n");
    CHECK_FALSE(fs::exists(folder / "rows.csv.partial"));
}

TEST_CASE("a link to a file stays a link", "[output]") {
    const piaa::test::TemporaryFolder folder;
    piaa::test::write_bytes(folder / "real.csv", "old");
    fs::create_symlink("real.csv", folder / "link.csv");
    std::ostringstream standard;
    Output output(folder / "link.csv", standard);
    output.stream() << "new";
    output.complete();
    CHECK(fs::is_symlink(folder / "link.csv"));
    CHECK(read_bytes(folder / "real.csv") == "new");
}

TEST_CASE("a link to a file that is not there yet stays a link", "[output]") {
    const piaa::test::TemporaryFolder folder;
    fs::create_directory(folder / "rows");
    fs::create_symlink("rows/real.csv", folder / "link.csv");
    std::ostringstream standard;
    {
        Output output(folder / "link.csv", standard);
        output.stream() << "new";
        output.complete();
    }
    CHECK(fs::is_symlink(folder / "link.csv"));
    CHECK(read_bytes(folder / "rows/real.csv") == "new");

    fs::create_symlink("no/such/folder.csv", folder / "nowhere.csv");
    CHECK_THROWS_WITH(Output(folder / "nowhere.csv", standard),
                      (folder / "nowhere.csv").string() + ": cannot be written: No such file or directory");
    fs::create_symlink("round.csv", folder / "round.csv");
    CHECK_THROWS_AS(Output(folder / "round.csv", standard), piaa::Error);
    CHECK(fs::is_symlink(folder / "round.csv"));
}

TEST_CASE("rows that cannot be written are told", "[output]") {
    const piaa::test::TemporaryFolder folder;
    std::ostringstream standard;
    Output full("/dev/full", standard);
    CHECK(full.partial().empty());  // a device keeps its place
    full.stream() << "row\n";
    CHECK_THROWS_WITH(full.flush(), "/dev/full: cannot be written: No space left on device");
    CHECK_THROWS_WITH(
        Output(folder / "no/such/folder.csv", standard),
        (folder / "no/such/folder.csv").string() + ": cannot be written: No such file or directory");
    CHECK_THROWS_WITH(Output(folder.path(), standard),
                      folder.path().string() + ": is a folder and should be a file");
}
