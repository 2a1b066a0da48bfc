// Scores inside the photos themselves, when that was asked for: nothing but XMP changes, and undo gives back
// every byte.
#include "metadata/embedded_xmp.h"

#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "changes/xmp_scores.h"
#include "metadata/xmp_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using namespace std::string_literals;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

struct Library {
    test::TemporaryFolder folder;
    XmpScoreOptions options{.write = true, .into_originals = true};
    std::ostringstream err;
    int runs = 0;
    fs::path last_log;

    fs::path photo(const std::string& suffix) const {
        return test::write_photo(test::random_pixels({40, 30}), folder / "a", {.suffix = suffix});
    }
    void run(const fs::path& photo, int stars = 4) {
        last_log = folder / ("log" + std::to_string(++runs));
        UndoLog log(last_log, "score");
        XmpScores scores(options, log, err);
        scores.take({{"path", photo.string()},
                     {"score", 7.256},
                     {"spread", 1.5},
                     {"flags", Json::array()},
                     {"stars", stars}});
        scores.finish(err, false);
    }
    fs::path sidecar() const { return find_sidecar(folder / "a.jpg").value_or(fs::path()); }
};

void exiftool(const fs::path& file, const std::vector<std::string>& changes) {
    std::vector<std::string> command{test::exiftool_program, "-q", "-overwrite_original"};
    command.insert(command.end(), changes.begin(), changes.end());
    command.push_back(file.string());
    REQUIRE(test::ChildProcess(command).wait().exit_code == 0);
}

/// Why nothing can be put into such a file; empty where something can.
std::string refusal(const std::string& bytes) {
    try {
        const EmbeddedXmp inside(bytes);
        const Splice splice = inside.replaced_by("<packet/>");
        const std::string after = spliced(bytes, splice);
        CHECK(after.size() == bytes.size() - splice.removed.size() + splice.inserted.size());
        CHECK(EmbeddedXmp(after).packet() == "<packet/>");
        CHECK(spliced(after, {splice.at, splice.inserted, splice.removed}) == bytes);
        return "";
    } catch (const Unplaced& reason) {
        return reason.what();
    }
}

std::string segment(char marker, const std::string& data) {
    const std::size_t length = data.size() + 2;
    return "\xff"s + marker + static_cast<char>(length >> 8) + static_cast<char>(length & 255) + data;
}

}  // namespace

TEST_CASE("a score inside a photo changes nothing but its XMP, and undo gives back every byte",
          "[embedded_xmp]") {
    if (!test::has_exiftool()) return;
    Library library;
    const fs::path photo = library.photo(GENERATE(".jpg", ".png"));
    const bool has_xmp = GENERATE(false, true);
    CAPTURE(photo, has_xmp);
    exiftool(photo, {"-IFD0:Make=Camera", "-IPTC:City=Bled"});
    if (has_xmp) exiftool(photo, {"-XMP-dc:Title=Lake & <sky>", "-XMP-xmp:Rating=2"});
    fs::permissions(photo, fs::owner_read | fs::owner_write);
    const std::string before = test::read_bytes(photo);
    const Image pixels = read_full_image(photo);

    library.run(photo);
    CHECK(library.sidecar().empty());
    auto found = test::xmp_by_exiftool(photo);
    CHECK(found["XMP-piaa:Score"] == 7.26);
    CHECK(found["XMP-xmp:Rating"] == (has_xmp ? 2 : 4));
    if (has_xmp) CHECK(found["XMP-dc:Title"] == "Lake & <sky>");
    const auto exif =
        test::ChildProcess({test::exiftool_program, "-s3", "-Make", "-City", "-warning", photo.string()})
            .wait();
    CHECK(exif.output == "Camera\nBled\n");
    CHECK(test::mean_difference(read_full_image(photo), pixels) == 0);
    CHECK(fs::status(photo).permissions() == (fs::owner_read | fs::owner_write));
    // All but the one segment or chunk is the byte it was.
    const std::string after = test::read_bytes(photo);
    const auto without = [](const std::string& bytes) {
        const Splice taken = EmbeddedXmp(bytes).replaced_by("");
        return spliced(bytes, {taken.at, taken.removed, ""});
    };
    CHECK(without(after) == without(before));

    CHECK(undo(library.last_log, true, library.err).restored == 1);
    CHECK(test::read_bytes(photo) == after);
    CHECK(undo(library.last_log, false, library.err).restored == 1);
    CHECK(test::read_bytes(photo) == before);
    CHECK(undo(library.last_log, false, library.err).nothing_to_do == 1);
}

TEST_CASE("a rating inside a photo that came from here is no person's", "[embedded_xmp]") {
    Library library;
    const fs::path photo = library.photo(".jpg");
    library.run(photo, 4);
    CHECK_FALSE(find_stars(photo));
    CHECK_FALSE(read_rating(photo).maybe_rated());
    const std::string once = test::read_bytes(photo);
    library.run(photo, 4);
    CHECK(test::read_bytes(photo) == once);
    CHECK_FALSE(fs::exists(library.last_log));
    library.run(photo, 3);
    CHECK(XmpSidecar::inside(photo, EmbeddedXmp(test::read_bytes(photo)).packet()).text("Xmp.xmp.Rating") ==
          "3");

    // Stars in a sidecar are a person's, too.
    library.options.into_originals = false;
    XmpSidecar by_hand(new_sidecar(photo));
    by_hand.set("Xmp.xmp.Rating", "1");
    by_hand.write();
    const fs::path other =
        test::write_photo(test::plain({32, 24}, {9, 9, 9}), library.folder / "b", {.suffix = ".jpg"});
    fs::rename(new_sidecar(photo), new_sidecar(other));
    library.options.into_originals = true;
    library.run(other, 5);
    CHECK_FALSE(
        XmpSidecar::inside(other, EmbeddedXmp(test::read_bytes(other)).packet()).text("Xmp.xmp.Rating"));
}

TEST_CASE("other formats get a sidecar, and that is said", "[embedded_xmp]") {
    Library library;
    const fs::path photo = library.photo(GENERATE(".tif", ".webp"));
    const std::string before = test::read_bytes(photo);
    library.run(photo);
    CHECK(test::read_bytes(photo) == before);
    CHECK(XmpSidecar(new_sidecar(photo)).text("Xmp.piaa.Score") == "7.26");
    CHECK_THAT(library.err.str(),
               ContainsSubstring("1 photos have a sidecar instead, each because it is neither"));
}

TEST_CASE("a dry run leaves photos alone, and undo those that were changed since", "[embedded_xmp]") {
    Library library;
    const fs::path photo = library.photo(".png");
    const std::string before = test::read_bytes(photo);
    library.options.dry_run = true;
    library.run(photo);
    CHECK(test::read_bytes(photo) == before);
    CHECK_THAT(library.err.str(), ContainsSubstring("a.png: would be changed: score 7.26, rating 4"));
    library.options.dry_run = false;
    library.run(photo);
    const std::string changed = test::read_bytes(photo) + "more";
    test::write_bytes(photo, changed);
    CHECK(undo(library.last_log, false, library.err).refused == 1);
    CHECK(test::read_bytes(photo) == changed);
}

TEST_CASE("a photo whose parts may not move or cannot be told apart stays as it is", "[embedded_xmp]") {
    const std::string xmp = "http://ns.adobe.com/xap/1.0/\0<x/>"s, scan = segment('\xda', "") + "pixels";
    const std::string start = "\xff\xd8"s + segment('\xe0', "JFIF");
    CHECK(refusal(start + scan).empty());
    CHECK(refusal(start + segment('\xe1', xmp) + scan).empty());
    CHECK(refusal(start + "\xff" + segment('\xe1', xmp) + scan).empty());  // a fill byte
    CHECK(refusal(start + segment('\xe1', xmp) + segment('\xe1', xmp) + scan) == "has XMP twice");
    CHECK(refusal(start + segment('\xe1', "http://ns.adobe.com/xmp/extension/\0x"s) + scan) ==
          "has XMP in several parts");
    CHECK(refusal(start + segment('\xe2', "MPF\0x"s) + scan) == "holds several pictures and where they are");
    CHECK(refusal(start) == "is damaged before its first scan");
    CHECK(refusal("GIF89a") == "is neither JPEG nor PNG");
    CHECK_THROWS_AS(EmbeddedXmp(start + scan).replaced_by(std::string(65600, 'x')), Unplaced);

    const test::TemporaryFolder folder;
    for (const char* suffix : {".jpg", ".png"}) {
        const std::string whole = test::read_bytes(
            test::write_photo(test::random_pixels({16, 12}), folder / "b", {.suffix = suffix}));
        CHECK(refusal(whole).empty());
        for (std::size_t length = 0; length < whole.size(); ++length) refusal(whole.substr(0, length));
        for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 400); ++at) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
            refusal(damaged);
        }
    }
}
