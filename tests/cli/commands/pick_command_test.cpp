#include "commands/pick_command.h"

#include <map>
#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/flags.h>

#include "cache/feature_cache.h"
#include "changes/undo_log.h"
#include "metadata/xmp_sidecar.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::ordered_json;

namespace {

/// Two different pictures, and the first once more, much compressed.
struct Album {
    test::TemporaryFolder folder;
    Album() {
        const Image first = test::disc({120, 90}, .3, .4, .2, {40, 60, 90}, {220, 200, 120});
        test::write_photo(first, folder / "a");
        test::write_photo(test::disc({120, 90}, .7, .6, .3, {200, 180, 160}, {20, 40, 30}), folder / "b");
        test::write_photo(first, folder / "c", {.suffix = ".jpg[Q=60]"});
    }
};

struct Run {
    int exit_code;
    std::string out, err;
};

PickOptions as_json() {
    PickOptions options;
    options.format = ReportFormat::json;
    return options;
}

Run pick(const Album& album, PickOptions options) {
    options.photos.paths = {album.folder.path().string()};
    options.photos.quiet = true;
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    std::ostringstream out, err;
    const int exit_code = run_pick(options, out, err);
    return {exit_code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("pick groups versions of one picture and proposes one of each group", "[pick_command]") {
    const Album album;
    const Run result = pick(album, as_json());
    CHECK(result.exit_code == done);
    const auto rows = Json::parse(result.out);
    REQUIRE(rows.size() == 3);
    std::map<std::string, Json> of;
    for (const auto& row : rows)
        of[boost::filesystem::path(row["path"].get<std::string>()).stem().string()] = row;
    CHECK(of["a"]["group"] == of["c"]["group"]);
    CHECK(of["a"]["group"] != of["b"]["group"]);
    CHECK(of["a"]["kind"] == "alike");
    CHECK(of["b"]["kind"] == "single");
    CHECK(of["b"]["pick"] == true);
    CHECK(of["a"]["pick"].get<bool>() != of["c"]["pick"].get<bool>());
    CHECK(of["b"]["reason"] == "no other photo of this moment");
    for (const auto& row : rows) {
        CHECK(row["flags"]["soft_subject"] == false);
        CHECK(row["flags"].size() == Flags(~0U).names().size() + 1);
        CHECK_FALSE(row["reason"].get<std::string>().empty());
        CHECK(row["model_hash"] == test::tiny_model().info().hash);
        CHECK(row.contains("version"));
    }
}

TEST_CASE("pick does not call a JPEG sharper because it was saved again", "[pick_command]") {
    const test::TemporaryFolder folder;
    // Faint texture, which a second, coarser rounding makes stronger.
    const Image texture = test::painted({640, 480}, [](int x, int y) {
        const bool inside = (x - 200) * (x - 200) + (y - 200) * (y - 200) < 100 * 100;
        const int light = (inside ? 200 : 70) + (x * 7 + y * 13) % 5 + (x * y) % 3;
        return test::Colour{light + (inside ? 40 : 0), light, light};
    });
    const auto file = test::write_photo(texture, folder / "original", {.suffix = ".jpg[Q=93]"});
    test::write_photo(read_image(file, [](Size size) { return size; }).image, folder / "copy",
                      {.suffix = ".jpg[Q=90]"});
    PickOptions options = as_json();
    options.photos.paths = {folder.path().string()};
    options.photos.quiet = true;
    options.scorer.model = test::tiny_model().info().file.string();
    options.scorer.device = "cpu";
    std::ostringstream out, err;
    REQUIRE(run_pick(options, out, err) == done);
    const auto rows = Json::parse(out.str());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0]["group"] == rows[1]["group"]);
    CHECK_THAT(rows[0]["path"].get<std::string>(), ContainsSubstring("original"));
    CHECK(rows[0]["pick"] == true);
    CHECK(rows[1]["relative"] < 0);
}

TEST_CASE("pick says the same from features that were kept, with and without their subjects",
          "[pick_command]") {
    const Album album;
    const test::TemporaryFolder elsewhere;
    auto options = as_json();
    const std::string fresh = pick(album, options).out;
    options.photos.cache.use = true;
    options.photos.cache.file = elsewhere / "cache.sqlite";
    CHECK(pick(album, options).out == fresh);
    CHECK(pick(album, options).out == fresh);
    {
        FeatureCache cache({options.photos.cache.file, 1 << 30, 0, true}, test::tiny_model());
        for (const auto& entry : boost::filesystem::directory_iterator(album.folder.path())) {
            const std::string content = content_hash(FileBytes(entry.path()).span());
            const auto kept = cache.find(content);
            REQUIRE(kept);
            CHECK(kept->subject.size() == 32 * 32);
            cache.add({{entry.path(), std::nullopt, content, &kept->features}});  // as once
        }
    }
    CHECK(pick(album, options).out == fresh);
}

TEST_CASE("pick says in CSV where its rows come from when asked", "[pick_command]") {
    const Album album;
    const auto head = [&](bool provenance) {
        PickOptions options;
        options.provenance = provenance;
        const std::string rows = pick(album, options).out;
        return rows.substr(0, rows.find('\n'));
    };
    CHECK(head(false) == "path,group,kind,pick,relative,score,flags,reason");
    CHECK(head(true) == "path,group,kind,pick,relative,score,flags,reason,model,model_hash,version,device");
}

TEST_CASE("pick --cover leaves versions of one picture out", "[pick_command]") {
    const Album album;
    auto options = as_json();
    options.cover = 3;
    CHECK(Json::parse(pick(album, options).out).size() <= 2);
}

TEST_CASE("pick names a damaged photo and groups the rest", "[pick_command]") {
    const Album album;
    test::write_bytes(album.folder / "broken.jpg", "no image");
    const Run result = pick(album, as_json());
    CHECK(result.exit_code == some_files_failed);
    CHECK_THAT(result.err, ContainsSubstring("broken.jpg: "));
    CHECK(Json::parse(result.out).size() == 3);
}

TEST_CASE("pick with --failed-ok has a row for each photo that failed, in any format", "[pick_command]") {
    const Album album;
    test::write_bytes(album.folder / "broken.jpg", "no image");
    PickOptions options = as_json();
    options.photos.failed_ok = true;
    options.cover = GENERATE(0, 1);
    const Run result = pick(album, options);
    CHECK(result.exit_code == done);
    const auto rows = Json::parse(result.out);
    REQUIRE(rows.size() == (options.cover > 0 ? 2 : 4));
    CHECK_THAT(rows.back()["error"].get<std::string>(), ContainsSubstring("broken.jpg: "));
    CHECK(rows.back().size() == rows.front().size());
    options.format = ReportFormat::csv;
    const std::string csv = pick(album, options).out;
    CHECK_THAT(csv.substr(csv.rfind('\n', csv.size() - 2)), ContainsSubstring("broken.jpg: "));
}

TEST_CASE("pick of a model that is not there does not start", "[pick_command]") {
    const Album album;
    PickOptions options;
    options.scorer.model = "no such model";
    options.photos.paths = {album.folder.path().string()};
    std::ostringstream out, err;
    CHECK(run_pick(options, out, err) == cannot_start);
    CHECK(out.str().empty());
}

TEST_CASE("pick writes its choice into sidecars when asked, and undo takes it back", "[pick_command]") {
    const Album album;
    PickOptions options = as_json();
    options.xmp.write = true;
    options.xmp.marks.by_pick = {.label = "Green", .keyword = "best", .accept = true, .reject = true};
    options.undo_log = album.folder / "log";
    const Run result = pick(album, options);
    CHECK(result.exit_code == done);
    for (const auto& row : Json::parse(result.out)) {
        const boost::filesystem::path photo = row["path"].get<std::string>();
        XmpSidecar sidecar(photo.string() + ".xmp");
        const bool chosen = row["pick"].get<bool>();
        CAPTURE(photo.string());
        CHECK(sidecar.text("Xmp.xmp.Label").value_or("") == (chosen ? "Green" : ""));
        CHECK(sidecar.text("Xmp.digiKam.PickLabel") == (chosen ? "3" : "1"));
        CHECK((sidecar.text("Xmp.xmp.Rating") == "-1") == !chosen);
        CHECK(sidecar.text("Xmp.piaa.Score").has_value());
    }
    std::ostringstream err;
    undo(options.undo_log, false, err);
    for (const char* name : {"a", "b", "c"})
        CHECK_FALSE(boost::filesystem::exists(album.folder / (std::string(name) + ".jpg.xmp")));
}

TEST_CASE("pick leaves all files alone unless asked", "[pick_command]") {
    const Album album;
    PickOptions options = as_json();
    options.xmp.write = options.xmp.dry_run = true;
    options.xmp.marks.by_pick.reject = true;
    const Run result = pick(album, options);
    CHECK_THAT(result.err, ContainsSubstring(", rejected"));
    CHECK_FALSE(boost::filesystem::exists(album.folder / "a.jpg.xmp"));
    CHECK_FALSE(boost::filesystem::exists(album.folder / "c.jpg.xmp"));
}

TEST_CASE("pick keeps the scores and stars of an earlier run", "[pick_command]") {
    const Album album;
    const boost::filesystem::path file = album.folder / "c.jpg.xmp";
    XmpSidecar earlier(file);
    for (const auto& [key, value] : {std::pair{"Xmp.piaa.Score", "3.33"},
                                     {"Xmp.piaa.Stars", "1"},
                                     {"Xmp.piaa.Rating", "1"},
                                     {"Xmp.xmp.Rating", "1"}})
        earlier.set(key, value);
    earlier.write();
    PickOptions options = as_json();
    options.xmp.write = true;
    options.xmp.marks.by_pick.accept = true;
    options.undo_log = album.folder / "log";
    REQUIRE(pick(album, options).exit_code == done);
    const XmpSidecar kept(file);
    CHECK(kept.text("Xmp.piaa.Score") == "3.33");
    CHECK(kept.text("Xmp.piaa.Stars") == "1");
    CHECK(kept.text("Xmp.xmp.Rating") == "1");
    CHECK_FALSE(kept.text("Xmp.piaa.Model"));
    CHECK(XmpSidecar(album.folder / "b.png.xmp").text("Xmp.piaa.Score").value_or("3.33") != "3.33");
}
