// Names that were made to break what they are written into.
#include <algorithm>
#include <set>
#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/csv.h>

#include "commands/score_command.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "metadata/xmp_ratings.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

const std::set<std::string> names = {
    "=HYPERLINK(\"http:x\").png",
    "+1+1.png",
    "-rf.png",
    "@SUM(A1).png",
    "a\",\"b.png",
    "comma,semi;colon.png",
    "two\nlines.png",
    "carriage\rreturn.png",
    "\x1b]0;title\x07\x1b[2J.png",
    "<script>alert(1)<\xE2\x88\x95script>.png",
    "back\\slash and 'quote'.png",
    "\xff\xfe not utf-8.png",
    "\xE2\x80\xAEgnp.exe.png",
    "$(touch executed).png",
    "`touch executed`.png",
    "; touch executed; .png",
    "%s%n%x.png",
    " leading and trailing .png",
    "{\"path\": 1}.png",
};

/// A folder that is the current one as long as this lives, so that names are met bare.
class InFolder {
public:
    InFolder() : before_(fs::current_path()) {
        const auto picture = test::write_photo(test::random_pixels({40, 30}), folder_ / "picture");
        fs::create_directory(folder_ / "photos");
        for (const std::string& name : names) fs::copy_file(picture, folder_ / "photos" / name);
        model = test::write_tiny_model(folder_.path()).string();
        fs::current_path(folder_ / "photos");
    }
    ~InFolder() { fs::current_path(before_); }
    std::string model;

private:
    test::TemporaryFolder folder_;
    fs::path before_;
};

struct Run {
    int exit_code;
    std::string out, err;
};

Run score_all(const InFolder& folder, ReportFormat format) {
    ScoreOptions options;
    options.scorer.model = folder.model;
    options.scorer.device = "cpu";
    options.photos.paths.assign(names.begin(), names.end());
    options.photos.jobs = 2;
    options.format = format;
    std::ostringstream out, err;
    const int exit_code = run_score(options, out, err);
    CHECK_FALSE(fs::exists("executed"));
    return {exit_code, out.str(), err.str()};
}

bool steers(const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; });
}

}  // namespace

TEST_CASE("CSV keeps every name in its field, and gives no spreadsheet a formula", "[hostile]") {
    const InFolder folder;
    const Run result = score_all(folder, ReportFormat::csv);
    CHECK(result.exit_code == done);
    const CsvTable table(result.out, "scores.csv");
    REQUIRE(table.rows().size() == names.size());
    std::set<std::string> found;
    for (const auto& row : table.rows()) {
        const std::string& path = row.fields[table.column("path")];
        CHECK(std::string("=+-@\t\r").find(path.front()) == std::string::npos);
        found.insert(fs::path(path).filename().string());  // and the path still leads to the file
        CHECK(fs::exists(path));
    }
    CHECK(found == names);
}

TEST_CASE("JSON stays JSON whatever a file is called", "[hostile]") {
    const InFolder folder;
    const Json all = Json::parse(score_all(folder, ReportFormat::json).out);
    CHECK(all.size() == names.size());
    std::istringstream lines(score_all(folder, ReportFormat::jsonl).out);
    std::set<std::string> found;
    for (std::string line; std::getline(lines, line);)
        found.insert(Json::parse(line)["path"].get<std::string>());
    std::set<std::string> expected;
    for (const std::string& name : names) expected.insert(percent_escaped(name));
    CHECK(found == expected);
}

TEST_CASE("no name steers the terminal, in a table or in messages", "[hostile]") {
    const InFolder folder;
    const Run table = score_all(folder, ReportFormat::table);
    CHECK_FALSE(steers(table.out));
    CHECK(std::count(table.out.begin(), table.out.end(), '\n') == static_cast<long>(1 + names.size()));
    for (const std::string& name : names) test::write_bytes(name, "broken");
    const Run broken = score_all(folder, ReportFormat::table);
    CHECK(broken.exit_code == some_files_failed);
    CHECK_FALSE(steers(broken.err));
    CHECK(std::count(broken.err.begin(), broken.err.end(), '\n') == static_cast<long>(names.size() + 1));
}

TEST_CASE("a name that looks like an address is a file, and nothing is fetched", "[hostile]") {
    const InFolder folder;
    const std::string xmp =
        R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF )"
        R"(xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" )"
        R"(xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>)";
    for (const char* place : {"http:", "ftp:", "file:", "data:", "sftp:"}) {
        fs::create_directories(fs::path(place) / "127.0.0.1");
        fs::copy_file(*names.begin(), fs::path(place) / "127.0.0.1" / "a.png");
        test::write_bytes(fs::path(place) / "127.0.0.1" / "a.xmp", xmp);
        CAPTURE(place);
        CHECK(find_stars(std::string(place) + "//127.0.0.1/a.png") == 4);
    }
}
