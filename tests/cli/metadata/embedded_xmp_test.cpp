// Scores inside the photos themselves, when that was asked for: nothing but XMP changes, and undo gives back
// every byte.
#include "metadata/embedded_xmp.h"

#include <csignal>
#include <sstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <piaa/error.h>
#include <piaa/file_attributes.h>

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
    } catch (const CannotEmbed& reason) {
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
    CHECK_THAT(library.err.str(), ContainsSubstring("1 photo has a sidecar instead, because it is neither"));
}

TEST_CASE("a photo of several names stays one file", "[embedded_xmp]") {
    Library library;
    const fs::path photo = library.photo(".jpg"), other = library.folder / "other.jpg";
    fs::create_hard_link(photo, other);
    const std::string before = test::read_bytes(photo);
    library.run(photo);
    CHECK(test::read_bytes(photo) == before);
    CHECK(fs::hard_link_count(photo) == 2);
    CHECK(fs::exists(new_sidecar(photo)));
    CHECK_THAT(library.err.str(), ContainsSubstring("because it has several names (hard links)"));
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
    const std::string elsewhere =
        "http://ns.adobe.com/xap/1.0/\0<x xmlns:d='http://purl.org/dc/terms/' d:provenance='https://x'/>"s;
    CHECK(refusal(start + segment('\xe1', elsewhere) + scan) ==
          "carries Content Credentials, which a change would make look forged");
    CHECK(refusal(start + segment('\xe1', "http://ns.adobe.com/xmp/extension/\0x"s) + scan) ==
          "has XMP in several parts");
    CHECK(refusal(start + segment('\xe2', "MPF\0x"s) + scan) == "holds several pictures and where they are");
    const std::string credentials = "carries Content Credentials, which a change would make look forged";
    CHECK(refusal(start + segment('\xeb', "JP\0\1\0\0\0\1....jumb....jumdc2pa"s) + scan) == credentials);
    CHECK(refusal(start + segment('\xeb', "JP\0\1\0\0\0\1....jumb....jumdother"s) + scan).empty());
    // Exif of one directory that says where a preview lies: inside itself, or behind, where it would move.
    const auto exif = [](char place) {
        return segment('\xe1', "Exif\0\0II*\0\x08\0\0\0\0\0\x0e\0\0\0\2\0\1\2\4\0\1\0\0\0"s + place +
                                   "\x01\0\0\2\2\4\0\1\0\0\0\4\0\0\0\0\0\0\0"s);
    };
    CHECK(refusal(start + exif('\x00') + scan) == "says in its Exif where a preview lies in the file");
    CHECK(refusal(start + segment('\xe1', "Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"s) + scan).empty());
    CHECK(refusal(start) == "is damaged before its first scan");
    CHECK(refusal("GIF89a") == "is neither JPEG nor PNG");
    CHECK_THROWS_AS(EmbeddedXmp(start + scan).replaced_by(std::string(65600, 'x')), CannotEmbed);

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

TEST_CASE("a PNG with Content Credentials gets a sidecar", "[embedded_xmp]") {
    const test::TemporaryFolder folder;
    std::string png =
        test::read_bytes(test::write_photo(test::random_pixels({16, 12}), folder / "b", {.suffix = ".png"}));
    png.insert(33, "\0\0\0\4caBXjumb\0\0\0\0"s);
    CHECK_THAT(refusal(png), ContainsSubstring("Content Credentials"));
}

TEST_CASE("a photo and a sidecar that are rewritten keep owner, permissions and attributes",
          "[embedded_xmp]") {
    Library library;
    library.options.into_originals = GENERATE(true, false);
    const fs::path photo = library.photo(".jpg"), sidecar = library.folder / "a.jpg.xmp";
    if (!library.options.into_originals) library.run(photo, 2);
    const fs::path file = library.options.into_originals ? photo : sidecar;
    if (::setxattr(file.c_str(), "user.xdg.tags", "best", 4, 0) != 0) return;  // no such thing here
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    fs::last_write_time(file, 1'000'000'000);
    if (::geteuid() == 0) REQUIRE(::chown(file.c_str(), 1234, 1235) == 0);
    const std::string before = test::read_bytes(file);
    const auto check = [&] {
        const FileAttributes now = attributes_of(file);
        CHECK(now.mode == 0640);
        CHECK(now.extended.at("user.xdg.tags") == "best");
        if (::geteuid() == 0) CHECK((now.owner == 1234 && now.group == 1235));
    };
    library.run(photo, 5);
    CHECK(test::read_bytes(file) != before);
    check();
    CHECK(undo(library.last_log, false, library.err).restored == 1);
    CHECK(test::read_bytes(file) == before);
    check();
    CHECK(fs::last_write_time(file) == 1'000'000'000);
}

TEST_CASE("only what was written is counted", "[embedded_xmp]") {
    Library library;
    const fs::path photo = library.photo(".jpg");
    library.last_log = library.folder / "log";
    UndoLog log(library.last_log, "score");
    XmpScores scores(library.options, log, library.err);
    rlimit unlimited{}, small{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    small = {static_cast<rlim_t>(fs::file_size(photo)), unlimited.rlim_max};
    std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    CHECK_THROWS_AS(scores.take({{"path", photo.string()},
                                 {"score", 7.256},
                                 {"spread", 1.5},
                                 {"flags", Json::array()},
                                 {"stars", 4}}),
                    Error);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    scores.finish(library.err, false);
    CHECK_THAT(library.err.str(),
               ContainsSubstring("photos: 0 written into") && ContainsSubstring("; 0 ratings set"));
    CHECK(std::distance(fs::directory_iterator(library.folder.path()), fs::directory_iterator()) == 2);
}
