#include "report/report.h"

#include <clocale>
#include <sstream>

#include <nlohmann/json.hpp>

#include "support/catch.h"

using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Column> columns = {
    {"path"}, {.name = "score", .width = 6}, {.name = "stars", .width = 5}, {.name = "flags", .width = 5}};

const std::vector<Json> records = {
    {{"path", "a.jpg"}, {"score", 7.123456}, {"stars", 4}, {"flags", Json::array()}},
    {{"path", "odd, \"name\"\n\xff.jpg"}, {"score", 10.0}, {"stars", nullptr}, {"flags", {"flat", "tiny"}}}};

std::string written(ReportFormat format, const std::vector<Json>& rows, int columns_of_terminal = 0) {
    std::ostringstream out;
    Report report(out, format, columns, columns_of_terminal);
    for (const auto& row : rows) report.add(row);
    report.finish();
    return out.str();
}

}  // namespace

TEST_CASE("a CSV report quotes what must be quoted and rounds numbers", "[report]") {
    CHECK(written(ReportFormat::csv, records) ==
          "path,score,stars,flags\na.jpg,7.12,4,\n\"odd, \"\"name\"\"\n\xff.jpg\",10.00,,flat;tiny\n");
    CHECK(written(ReportFormat::csv, {}) == "path,score,stars,flags\n");
}

TEST_CASE("a JSON report is one array, JSON lines are one object each", "[report]") {
    const auto array = Json::parse(written(ReportFormat::json, records));
    REQUIRE(array.size() == 2);
    CHECK(array[0]["score"] == 7.123456);
    CHECK(array[1]["path"] == "odd, \"name\"\n%ff.jpg");
    CHECK(array[1]["stars"].is_null());
    CHECK(Json::parse(written(ReportFormat::json, {})) == Json::array());

    std::istringstream lines(written(ReportFormat::jsonl, records));
    std::string line;
    std::size_t count = 0;
    while (std::getline(lines, line)) CHECK(Json::parse(line) == array[count++]);
    CHECK(count == 2);
}

TEST_CASE("in JSON a path is escaped without doubt, and a caller's key is not", "[report]") {
    const auto row = Json::parse(json_line({{"path", "%e9.jpg"}, {"id", "%e9"}, {"files", {"\xe9.jpg"}}}));
    CHECK(row["path"] == "%25e9.jpg");
    CHECK(row["id"] == "%e9");
    CHECK(row["files"][0] == "%e9.jpg");
}

TEST_CASE("a table is aligned and shows names in one line", "[report]") {
    CHECK(written(ReportFormat::table, records) ==
          " score  stars  flags  path\n"
          "  7.12      4         a.jpg\n"
          " 10.00         flat;tiny  odd, \"name\"\\n\\xff.jpg\n");
}

TEST_CASE("no row steers the terminal that shows it", "[report]") {
    const std::string name =
        "a\x1b[31m\n\xc2\x9b"
        "2J\x7f\xe2\x80\xae.jpg";
    const auto format =
        GENERATE(ReportFormat::csv, ReportFormat::json, ReportFormat::jsonl, ReportFormat::table);
    const std::vector<Json> rows{{{"path", name}, {"score", 1.0}}};
    const std::string shown = written(format, rows, 80);
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK(shown.find("\xc2\x9b") == std::string::npos);
    CHECK(shown.find('\x7f') == std::string::npos);
    CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
    // A file or a pipe gets the name as it is, in JSON by its escapes.
    const std::string kept = written(format, rows);
    if (format == ReportFormat::csv) CHECK(kept.find(name) != std::string::npos);
    if (format == ReportFormat::jsonl) CHECK(Json::parse(kept)["path"] == name);
    if (format == ReportFormat::json) CHECK(Json::parse(kept)[0]["path"] == name);
}

TEST_CASE("a table fits the terminal", "[report]") {
    std::istringstream lines(written(
        ReportFormat::table, {{{"path", "a/very/long/way/to/a/photo/beach.jpg"}, {"score", 1.0}}}, 44));
    std::string line;
    while (std::getline(lines, line)) CHECK(line.size() <= 44);
    CHECK(line.empty());
}
