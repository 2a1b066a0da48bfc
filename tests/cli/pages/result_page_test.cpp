#include "pages/result_page.h"

#include <sstream>

#include <boost/filesystem.hpp>

#include <piaa/csv.h>

#include "console/base64.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/python_program.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

/// Six photos, a to f, with scores from 2 to 7; the last is flagged.
struct Page {
    test::TemporaryFolder folder;
    std::ostringstream err;
    std::vector<Json> records;

    Page() {
        const std::vector<std::string> names = {
            "a<script>smuggled=1<", "b, \"quoted\"", "c", "d<img src=x onerror=smuggled=1>", "e", "f"};
        for (int i = 0; i < 6; ++i) {
            std::string name = names[i];
            const auto file = test::write_photo(test::painted({90, 60},
                                                              [i](int x, int y) {
                                                                  return test::Colour{40 * i, 2 * x, 3 * y};
                                                              }),
                                                folder / name, {.suffix = ".jpg"});
            records.push_back({{"path", file.string()},
                               {"score", 2.0 + i},
                               {"generic", 5.0},
                               {"trust", 0.5},
                               {"spread", 0.5 + 0.1 * i},
                               {"stars", i < 5 ? Json(i + 1) : Json()},
                               {"flags", i < 5 ? Json::array() : Json::array({"flat"})},
                               {"model", "tiny"},
                               {"version", "1"}});
        }
    }
    std::string write() {
        ResultPage page(folder / "report.html", 2, err);
        for (const auto& record : records) page.take(record);
        page.finish(err, false);
        return test::read_bytes(folder / "report.html");
    }
};

}  // namespace

TEST_CASE("a report does not take the place of a photo, a profile, a sidecar or a folder", "[report_page]") {
    const test::TemporaryFolder folder;
    std::ostringstream err;
    for (const char* name : {"photo.jpg", "me.pt", "photo.jpg.xmp"}) {
        const auto file = folder / name;
        test::write_bytes(file, "somebody's");
        CHECK_THROWS_WITH(ResultPage(file, 1, err), ContainsSubstring("is not written over"));
        CHECK(test::read_bytes(file) == "somebody's");
    }
    CHECK_THROWS_WITH(ResultPage(folder.path(), 1, err),
                      ContainsSubstring("is a folder and should be a file"));
}

TEST_CASE("a report holds each photo and names cannot break out of it", "[report_page]") {
    Page page;
    const std::string text = page.write();
    std::size_t count = 0;
    for (auto at = text.find("\"jpeg\":\"/9j/"); at != std::string::npos;
         at = text.find("\"jpeg\":\"/9j/", at + 1))
        ++count;
    CHECK(count == 6);
    CHECK(text.find("<script>smuggled") == std::string::npos);
    CHECK(text.find("<img src=x") == std::string::npos);
    CHECK(text.find("://") == std::string::npos);
    CHECK(text.find("@PIAA") == std::string::npos);
    CHECK(page.write() == text);
}

TEST_CASE("a report's copies are as large as an eighth of the photo where that is nearly what is asked for",
          "[report_page]") {
    Page page;
    const auto size_of_copy = [&](Size photo, const std::string& suffix) {
        const auto file = test::write_photo(test::painted(photo,
                                                          [](int x, int y) {
                                                              return test::Colour{x % 250, y % 250, 90};
                                                          }),
                                            page.folder / "large", {.suffix = suffix});
        page.records = {page.records.front()};
        page.records.front()["path"] = file.string();
        const std::string text = page.write();
        const auto start = text.find("\"jpeg\":\"") + 8;
        const auto jpeg = from_base64(text.substr(start, text.find('"', start) - start));
        REQUIRE(jpeg);
        test::write_bytes(page.folder / "copy.jpg", *jpeg);
        return read_header(page.folder / "copy.jpg").size;
    };
    const std::string suffix = GENERATE(".jpg", ".jpg[interlace=true]", ".png");
    CHECK(size_of_copy({4006, 88}, suffix) == Size{500, 11});
    CHECK(size_of_copy({90, 5120}, suffix) == Size{11, 640});
    CHECK(size_of_copy({3600, 90}, suffix) == Size{640, 16});  // an eighth is too little
    CHECK(size_of_copy({5600, 140}, suffix) == Size{640, 16});
    CHECK(size_of_copy({4000, 5}, suffix).width == 640);  // an eighth has no height
    CHECK(size_of_copy({600, 40}, suffix) == Size{600, 40});
}

TEST_CASE("a photo that is gone is on the page without a picture, a name that is not UTF-8 escaped",
          "[report_page]") {
    Page page;
    fs::remove(page.records[2]["path"].get<std::string>());
    page.records[3]["path"] = "odd\xff.jpg";
    const std::string text = page.write();
    CHECK_THAT(page.err.str(), ContainsSubstring("2 of them without a picture"));
    CHECK(text.find("odd%ff.jpg") != std::string::npos);
}

TEST_CASE("a person sorts, filters, compares and saves in Chromium", "[report_page][browser]") {
    Page page;
    page.write();
    fs::create_directory(page.folder / "downloads");
    if (!test::run_python("report_in_browser.py " + (page.folder / "report.html").string() + " " +
                          (page.folder / "downloads").string()))
        return;
    const CsvTable saved = read_csv(page.folder / "downloads/selection.csv");
    CHECK(saved.header() ==
          std::vector<std::string>{"path", "score", "generic", "trust", "spread", "stars", "flags"});
    REQUIRE(saved.rows().size() == 2);
    CHECK(saved.rows()[0].fields[1] == "6.00");
    for (const auto& row : saved.rows()) CHECK(fs::exists(row.fields[0]));
}
