#include "commands/similar_command.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

struct Run {
    int exit_code;
    std::string out, err;
};

Run similar(const boost::filesystem::path& photo, const boost::filesystem::path& folder, std::size_t top,
            bool failed_ok = false) {
    SimilarOptions options;
    options.photos.failed_ok = failed_ok;
    options.photo = photo;
    options.photos.paths = {folder.string()};
    options.photos.quiet = true;
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    options.format = ReportFormat::json;
    options.top = top;
    std::ostringstream out, err;
    const int exit_code = run_similar(options, out, err);
    return {exit_code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("similar names the likest photos first and leaves out the photo itself", "[similar_command]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::plain({64, 64}, {200, 200, 200}), folder / "asked");
    test::write_photo(test::plain({64, 64}, {190, 190, 190}), folder / "near");
    test::write_photo(test::plain({64, 64}, {5, 5, 5}), folder / "far");

    const Run all = similar(photo, folder.path(), 20);
    CHECK(all.exit_code == done);
    const auto rows = Json::parse(all.out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0]["path"].get<std::string>().find("near") != std::string::npos);
    CHECK(rows[0]["likeness"] > rows[1]["likeness"]);
    CHECK(Json::parse(similar(photo, folder.path(), 1).out).size() == 1);
}

TEST_CASE("similar with --failed-ok has a row for each photo that failed", "[similar_command]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::plain({64, 64}, {200, 200, 200}), folder / "asked");
    test::write_photo(test::plain({64, 64}, {190, 190, 190}), folder / "near");
    test::write_bytes(folder / "broken.jpg", "no image");
    CHECK(similar(photo, folder.path(), 20).exit_code == some_files_failed);
    const Run run = similar(photo, folder.path(), 20, true);
    CHECK(run.exit_code == done);
    const auto rows = Json::parse(run.out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1]["error"].get<std::string>().find("broken.jpg: ") != std::string::npos);
    CHECK(rows[1].size() == rows[0].size());
}

TEST_CASE("similar says which photo cannot be read", "[similar_command]") {
    const test::TemporaryFolder folder;
    const Run run = similar(folder / "none.jpg", folder.path(), 20);
    CHECK(run.exit_code != done);
    CHECK(run.err.find("none.jpg") != std::string::npos);
}
