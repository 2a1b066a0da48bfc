#include "commands/suggest_command.h"

#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "console/exit_code.h"
#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using cli::ReportFormat;
using Json = nlohmann::ordered_json;

namespace {

/// Photos unlike those that somebody who likes the dark has rated, and one of those.
struct NewAlbum {
    NewAlbum() : taste(test::write_dark_taste(folder.path())) {
        boost::filesystem::create_directory(folder / "photos");
        for (int i = 0; i < 6; ++i)
            test::write_photo(test::painted({96, 64},
                                            [i](int x, int y) {
                                                const int block = (x / (8 + i) * 37 + y / (5 + i) * 91) % 160;
                                                return test::Colour{30 + block, 40 + block, 35 + block};
                                            }),
                              folder / ("photos/new" + std::to_string(i)));
        options.candidates.folder = folder / "photos";
        options.candidates.quiet = true;
        options.scorer = {.model = test::tiny_model().info().file.string(),
                          .device = "cpu",
                          .user = taste.profile,
                          .prior = taste.prior};
        options.format = ReportFormat::json;
    }

    test::TemporaryFolder folder;
    test::DarkTaste taste;
    cli::SuggestOptions options;
    std::ostringstream out, err;
};

}  // namespace

TEST_CASE("suggest names photos to rate next, with the reason", "[suggest]") {
    NewAlbum album;
    album.options.count = 4;
    REQUIRE(cli::run_suggest(album.options, album.out, album.err) == cli::done);
    const Json rows = Json::parse(album.out.str());
    REQUIRE(rows.size() == 4);
    CHECK(rows[0]["why"] == "tells most");
    CHECK(rows[3]["why"] == "likely good");
    for (const Json& row : rows) {
        CHECK(boost::filesystem::exists(row["path"].get<std::string>()));
        CHECK(row["trust"] > 0);
    }
}

TEST_CASE("suggest does not ask about photos that were rated", "[suggest]") {
    NewAlbum album;
    UserProfile profile = load_profile(album.taste.profile);
    const Model model = test::tiny_model();
    const Prior prior = load_prior(album.taste.prior);
    album.options.count = 100;
    cli::run_suggest(album.options, album.out, album.err);
    const std::size_t before = Json::parse(album.out.str()).size();
    REQUIRE(before > 2);

    const auto file = Json::parse(album.out.str())[0]["path"].get<std::string>();
    cli::CandidateOptions folder = album.options.candidates;
    for (const auto& photo : cli::read_candidates(model, &prior, nullptr, folder, album.err).photos)
        if (photo.file.string() == file) {
            profile.set_row(photo.content_id, photo.row);
            profile.add({FeedbackKind::rating, photo.content_id, "", 0.5, 0});
        }
    save_profile(album.taste.profile, adapt(prior, profile));
    album.out.str("");
    cli::run_suggest(album.options, album.out, album.err);
    const Json rows = Json::parse(album.out.str());
    CHECK(rows.size() < before);
    for (const Json& row : rows) CHECK(row["path"] != file);
}

TEST_CASE("suggest says what is wrong with a folder or a profile it cannot use", "[suggest]") {
    NewAlbum album;
    SECTION("an empty folder") {
        boost::filesystem::create_directory(album.folder / "empty");
        album.options.candidates.folder = album.folder / "empty";
        CHECK(cli::run_suggest(album.options, album.out, album.err) == cli::bad_usage);
        CHECK(album.err.str().find("holds no photos and should hold some") != std::string::npos);
    }
    SECTION("no profile") {
        album.options.scorer.user = album.folder / "nobody.pt";
        CHECK(cli::run_suggest(album.options, album.out, album.err) == cli::cannot_start);
        CHECK(album.err.str().find("nobody.pt") != std::string::npos);
    }
}
