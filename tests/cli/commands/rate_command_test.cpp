#include "commands/rate_command.h"

#include <set>
#include <sstream>

#include <boost/filesystem.hpp>

#include <piaa/csv.h>
#include <piaa/research/ratings_table.h>

#include "console/exit_code.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/python_program.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

/// Pictures that no two are alike: blocks of grey drawn by the seed.
Image pattern(int seed) {
    return test::painted({160, 120}, [seed](int x, int y) {
        const int block = ((x / 20 + 1) * 7919 + (y / 20 + 1) * 104729) * (seed + 3) >> 3;
        return test::Colour{block % 256, (block / 3) % 256, (block / 7) % 256};
    });
}

/// Writes photos under these names (without suffix) and a page of `count` of them.
struct RatedFolder {
    explicit RatedFolder(const std::vector<std::string>& names, std::size_t count) {
        int seed = 0;
        for (const auto& name : names) {
            fs::create_directories((folder / "photos" / name).parent_path());
            test::write_photo(pattern(seed++), folder / "photos" / name, {.suffix = ".jpg"});
        }
        test::write_bytes(folder / "photos" / "notes.txt", "not a photo");
        options.candidates.folder = folder / "photos";
        options.output = folder / "rate.html";
        options.count = count;
        options.scorer.model = test::write_tiny_model(folder.path()).string();
        options.candidates.quiet = true;
    }

    std::string page() {
        INFO(messages.str());
        REQUIRE(cli::run_rate(options, messages) == cli::done);
        return test::read_bytes(options.output);
    }

    test::TemporaryFolder folder;
    cli::RateOptions options;
    std::ostringstream messages;
};

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("rate puts the asked-for number of photos on one page", "[rate]") {
    RatedFolder rated({"a", "b", "c", "d", "e", "f", "g", "h"}, 5);
    const std::string page = rated.page();
    CHECK(count_of(page, "data:image/jpeg;base64,/9j/") == 5);
    CHECK(page.find("://") == std::string::npos);
    CHECK(page.find("@PIAA") == std::string::npos);
}

TEST_CASE("rate gives the same page for the same seed and another for another", "[rate]") {
    RatedFolder rated({"a", "b", "c", "d", "e", "f", "g", "h"}, 5);
    const std::string page = rated.page();
    CHECK(rated.page() == page);
    rated.options.candidates.jobs = 2;
    CHECK(rated.page() == page);
    rated.options.candidates.seed = 2;
    CHECK(rated.page() != page);
}

TEST_CASE("rate puts a photo that is there twice on the page once", "[rate]") {
    RatedFolder rated({"a", "b", "c"}, 10);
    fs::copy_file(rated.options.candidates.folder / "a.jpg",
                  rated.options.candidates.folder / "copy of a.jpg");
    CHECK(count_of(rated.page(), "data:image/jpeg") == 3);
}

TEST_CASE("names cannot break out of the page", "[rate]") {
    RatedFolder rated({"<script>smuggled=1<", "a\"b", "c&amp;d"}, 10);
    const std::string page = rated.page();
    CHECK(page.find("<script>smuggled") == std::string::npos);
    CHECK(page.find("\\u003cscript>smuggled=1\\u003c.jpg") != std::string::npos);
}

TEST_CASE("rate says what is wrong with a folder it cannot use", "[rate]") {
    RatedFolder rated({"only"}, 10);
    CHECK(cli::run_rate(rated.options, rated.messages) == cli::bad_usage);
    CHECK(rated.messages.str().find("holds 1 different photos") != std::string::npos);
    rated.options.candidates.folder = rated.folder / "nowhere";
    CHECK(cli::run_rate(rated.options, rated.messages) != cli::done);
    rated.options.scorer.model = "nowhere/model.safetensors";
    CHECK(cli::run_rate(rated.options, rated.messages) == cli::cannot_start);
    CHECK_FALSE(fs::exists(rated.options.output));
}

TEST_CASE("a person rates in Chromium and the tables name the photos", "[rate][browser]") {
    RatedFolder rated(
        {"plain", "with, comma", "with \"quotes\"", "sub folder/<img src=x onerror=smuggled=1>"}, 4);
    rated.page();
    fs::create_directory(rated.folder / "downloads");
    if (!test::run_python("rate_in_browser.py " + rated.options.output.string() + " " +
                          (rated.folder / "downloads").string()))
        return;

    // The script gave 4, 5 and 2 stars and skipped one photo, and compared two pairs.
    const RatingsTable ratings = read_ratings(rated.folder / "downloads/ratings.csv");
    REQUIRE(ratings.rows().size() == 3);
    CHECK(ratings.rows()[0].rating == 4);
    CHECK(ratings.rows()[1].rating == 5);
    CHECK(ratings.rows()[2].rating == 2);
    for (const auto& image : ratings.images()) CHECK(fs::exists(rated.options.candidates.folder / image));
    const CsvTable pairs = read_csv(rated.folder / "downloads/pairs.csv");
    CHECK(pairs.header() == std::vector<std::string>{"winner", "loser"});
    REQUIRE(pairs.rows().size() == 2);
    for (const auto& pair : pairs.rows())
        for (const auto& image : pair.fields) CHECK(fs::exists(rated.options.candidates.folder / image));
}
