#include "report/score_row.h"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "report/json_rows.h"
#include "report/report.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

Json scored(const std::string& path, std::vector<std::string> flags = {}) {
    return {{"path", path},
            {"score", 7.25},
            {"spread", 2.5},
            {"stars", flags.empty() ? Json(4) : Json()},
            {"flags", std::move(flags)},
            {"model", "lite"},
            {"model_hash", "ab"},
            {"version", "1"}};
}

}  // namespace

TEST_CASE("every row has the same keys with values of the same types", "[report]") {
    const Json usual = score_row(scored("a.jpg"));
    Json personal = scored("b.jpg");
    personal.update(
        {{"generic", 5.5}, {"trust", 0.5}, {"profile_hash", "cd"}, {"pair", "b.dng"}, {"shard", "1/2"}});
    CHECK(usual["generic"] == 7.25);
    CHECK(usual["flags"] == Json{{"flat", false},
                                 {"tiny", false},
                                 {"noise", false},
                                 {"document", false},
                                 {"graphic", false},
                                 {"screenshot", false},
                                 {"soft_subject", false}});
    for (const Json& record :
         {personal, scored("c.jpg", {"flat"}), Json{{"path", "d.jpg"}, {"error", "d.jpg: no"}}}) {
        const Json row = score_row(record);
        CAPTURE(row);
        REQUIRE(row.size() == usual.size());
        for (const auto& [key, value] : usual.items()) CHECK(row.at(key).type() == value.type());
    }
}

TEST_CASE("rows of crop, pick, suggest and similar lack no key either", "[report]") {
    const auto same_types = [](const Json& one, const Json& two) {
        REQUIRE(one.size() == two.size());
        for (const auto& [key, value] : one.items()) {
            CAPTURE(key);
            CHECK(two.at(key).type() == value.type());
        }
    };
    const Json crop = {
        {"path", "a.jpg"}, {"width", 10}, {"size", {4, 5}}, {"crops", {Json{{"score", 1}}}}, {"fit", 1}};
    CHECK(crop_json_row(crop, true)["size"] == Json{4, 5});
    CHECK(crop_json_row(crop, false)["crops"][0]["copy"] == Json::array());
    for (const bool ranked : {false, true})
        same_types(crop_json_row(crop, ranked),
                   crop_json_row({{"path", "d.jpg"}, {"error", "d.jpg: no"}}, ranked));
    CHECK_FALSE(crop_json_row(crop, false).contains("fit"));
    CHECK(pick_json_row({{"path", "a.jpg"}})["schema"] == 1);
    CHECK(pick_json_row({{"path", "a.jpg"}})["error"] == "");
    same_types(pick_json_row({{"path", "a.jpg"}, {"group", 1}, {"kind", "alike"}, {"relative", 0}}),
               pick_json_row({{"path", "a.jpg"}, {"pick", true}, {"score", 5.5}}));
    same_types(suggest_json_row({{"path", "a.jpg"}}),
               suggest_json_row({{"score", 5.5}, {"why", "tells most"}}));
    same_types(similar_json_row({{"path", "a.jpg"}}), similar_json_row({{"likeness", 1}, {"score", 5.5}}));
}

TEST_CASE("polars, pyarrow and DuckDB read the rows by their defaults", "[report]") {
    const test::TemporaryFolder folder;
    std::ostringstream text;
    Report report(text, ReportFormat::jsonl, {});
    for (int i = 0; i < 25'000; ++i) report.add(score_row(scored("p" + std::to_string(i) + ".jpg")));
    report.add(score_row({{"path", "broken.jpg"}, {"error", "broken.jpg: is damaged"}}));
    report.add(score_row(scored("grey.jpg", {"flat"})));
    report.finish();
    const auto file = folder / "rows.jsonl";
    test::write_bytes(file, text.str());
    // Nobody has all three from the distribution: a Python that does may be named.
    const char* named = std::getenv("PIAA_TABLES_PYTHON");
    const auto ending =
        test::ChildProcess({named != nullptr ? named : PIAA_PYTHON, PIAA_TEST_SUPPORT "/read_rows.py",
                            file.string(), "25002", "1", "1"})
            .wait();
    if (ending.exit_code == 77) {
        std::cout << "[skipped] none of polars, pyarrow and duckdb is installed\n";
        return;
    }
    INFO(ending.output << ending.errors);
    CHECK(ending.exit_code == 0);
}
