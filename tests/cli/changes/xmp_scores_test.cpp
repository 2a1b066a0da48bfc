#include "changes/xmp_scores.h"

#include <sstream>

#include <boost/filesystem.hpp>
#include <exiv2/exiv2.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "metadata/xmp_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "sidecar_library.h"
#include "support/catch.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"

using namespace piaa;
using namespace piaa::cli;
using test::Library;
namespace fs = boost::filesystem;

TEST_CASE("scores go into the sidecar that is there, and a rating given by hand stays", "[xmp_scores]") {
    Library library;
    const std::string program = GENERATE("darktable", "digikam", "lightroom");
    const std::string name = GENERATE("a.xmp", "a.jpg.xmp");
    CAPTURE(program, name);
    const fs::path photo = library.photo("a"), sidecar = library.sidecar(program, name);
    const std::string photo_before = test::read_bytes(photo), before = test::read_bytes(sidecar);
    const auto rating = library.said(sidecar, "Xmp.xmp.Rating");
    library.run({photo});

    CHECK(library.said(sidecar, "Xmp.piaa.Score") == "7.26");
    CHECK(library.said(sidecar, "Xmp.piaa.Stars") == "4");
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == rating);
    CHECK(test::read_bytes(photo) == photo_before);
    CHECK(fs::exists(library.folder / "a.xmp") != fs::exists(library.folder / "a.jpg.xmp"));

    const UndoSummary undone = undo(library.last_log, false, library.err);
    CHECK(undone.restored == 1);
    CHECK(test::read_bytes(sidecar) == before);
}

TEST_CASE("a rating is replaced only when asked, and undo gives it back", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.sidecar("darktable", "a.jpg.xmp");
    library.options.overwrite_rating = true;
    library.run({photo}, 1);
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "1");
    undo(library.last_log, false, library.err);
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "3");
}

TEST_CASE("a photo without a rating gets one that is not mistaken for a person's", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "4");
    CHECK_FALSE(find_stars(photo));
    library.run({photo}, 2);
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "2");

    // Somebody changes it: from now on it is theirs.
    XmpSidecar by_hand(sidecar);
    by_hand.set("Xmp.xmp.Rating", "5");
    by_hand.write();
    CHECK(find_stars(photo) == 5);
    library.run({photo}, 1);
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "5");
    CHECK(library.said(sidecar, "Xmp.piaa.Stars") == "1");

    undo(library.last_log, false, library.err);
    CHECK(library.said(sidecar, "Xmp.piaa.Stars") == "2");
}

TEST_CASE("stars inside the photo, of any program, keep a rating out of its sidecar", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a");
    if (!test::has_exiftool()) return;
    const std::string field =
        GENERATE("-XMP-xmp:Rating=-1", "-XMP-microsoft:RatingPercent=75", "-IFD0:Rating=2");
    CAPTURE(field);
    test::ChildProcess({test::exiftool_program, "-q", "-overwrite_original", field, photo.string()}).wait();
    library.run({photo});
    CHECK(library.said(library.folder / "a.jpg.xmp", "Xmp.piaa.Score") == "7.26");
    CHECK_FALSE(library.said(library.folder / "a.jpg.xmp", "Xmp.xmp.Rating"));
}

TEST_CASE("what cannot be read is not counted as a rating given by hand", "[xmp_scores]") {
    Library library;
    const fs::path rated = library.photo("a"), damaged = library.photo("b"), free = library.photo("c");
    library.sidecar("digikam", "a.jpg.xmp");
    test::write_bytes(damaged.string() + ".pp3", "Rank");
    library.run({rated, damaged, free});
    CHECK_THAT(library.err.str(),
               ContainsSubstring("1 rating set, 1 given by hand and kept, 1 not set because what is there "
                                 "cannot be read\n"));
    CHECK_FALSE(library.said(library.folder / "b.jpg.xmp", "Xmp.xmp.Rating"));
}

TEST_CASE("a rating of 0 or of nothing is none, as cameras write it", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const std::string rating = GENERATE("0", "");
    XmpSidecar before(sidecar);
    before.set("Xmp.xmp.Rating", rating);
    before.write();
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "4");
    CHECK_FALSE(find_stars(photo));
}

TEST_CASE("the rating of the RAW file keeps stars away from its picture", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), raw = library.folder / "a.DNG";
    test::write_bytes(raw, "");
    library.sidecar("darktable", "a.DNG.xmp");
    library.run({photo}, 4, {{"pair", raw.string()}});
    CHECK_FALSE(library.said(library.folder / "a.jpg.xmp", "Xmp.xmp.Rating"));
}

TEST_CASE("a number of ours does not stay behind as a person's", "[xmp_scores]") {
    Library library;
    const auto photo = library.photo("a");
    library.run({photo}, 4);
    REQUIRE(library.said(new_sidecar(photo), "Xmp.xmp.Rating") == "4");

    SECTION("when somebody rates the photo in another file") {
        XmpSidecar other(fs::path(photo).replace_extension(".xmp"));
        other.set("Xmp.xmp.Rating", "2");
        other.write();
        library.run({photo}, 5);
        CHECK(library.said(new_sidecar(photo), "Xmp.xmp.Rating") == std::nullopt);
        CHECK(find_stars(photo) == 2);
    }
    SECTION("when the photo gets no stars any more") {
        library.run({photo}, 0);
        CHECK(library.said(new_sidecar(photo), "Xmp.xmp.Rating") == std::nullopt);
        CHECK(find_stars(photo) == std::nullopt);
    }
    CHECK(library.said(new_sidecar(photo), "Xmp.piaa.Rating") == std::nullopt);
}

TEST_CASE("a rating inside a photo that a sidecar takes back stays taken back under our stars",
          "[xmp_scores]") {
    Library library;
    const auto photo = library.photo("a");
    const auto image = Exiv2::ImageFactory::open(photo.string());
    image->readMetadata();
    image->xmpData()["Xmp.xmp.Rating"] = "5";
    image->writeMetadata();
    const fs::path file = new_sidecar(photo);
    XmpSidecar digikam(file);
    digikam.set("Xmp.xmp.Rating", "0");
    digikam.write();
    library.run({photo}, 3);
    library.run({photo}, 4);
    CHECK(library.said(file, "Xmp.xmp.Rating") == "4");
    CHECK_FALSE(read_rating(photo).maybe_rated());
    SECTION("and after them") {
        library.run({photo}, 0);
        CHECK(library.said(file, "Xmp.xmp.Rating") == "0");
        CHECK_FALSE(read_rating(photo).maybe_rated());
    }
    SECTION("until somebody rates the photo again") {
        XmpSidecar again(file);
        again.set("Xmp.xmp.Rating", "2");
        again.write();
        library.run({photo}, 4);
        CHECK(find_stars(photo) == 2);
        CHECK_FALSE(library.said(file, "Xmp.piaa.RatingBefore"));
    }
}

TEST_CASE("darktable's one star is named for what it may be", "[xmp_scores]") {
    Library library;
    const auto photo = library.photo("a");
    const auto sidecar = library.sidecar("darktable", "a.jpg.xmp");
    XmpSidecar edited(sidecar);
    edited.set("Xmp.xmp.Rating", "1");
    edited.write();
    library.run({photo});
    CHECK_THAT(library.err.str(),
               ContainsSubstring("1 of these ratings are the one star that darktable gives"));
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "1");
    library.err.str("");
    library.options.ignored = 1;
    library.run({photo});
    CHECK(library.err.str().find("darktable") == std::string::npos);
}

TEST_CASE("stars that are said to be nobody's give way", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.sidecar("darktable", "a.jpg.xmp");
    library.options.ignored = 1;
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "3");
    library.options.ignored = 3;
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "4");
}

TEST_CASE("a second run writes nothing, a dry run neither", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.sidecar("lightroom", "a.xmp");
    library.options.dry_run = true;
    const std::string before = test::read_bytes(sidecar);
    library.run({photo});
    CHECK_THAT(library.err.str(),
               ContainsSubstring("a.xmp: would be changed: score 7.26, rating left as it is"));
    CHECK(test::read_bytes(sidecar) == before);
    CHECK_FALSE(fs::exists(library.last_log));

    library.options.dry_run = false;
    library.run({photo});
    const std::string once = test::read_bytes(sidecar);
    library.run({photo});
    CHECK(test::read_bytes(sidecar) == once);
    CHECK_FALSE(fs::exists(library.last_log));
}

TEST_CASE("what no longer holds goes: a flagged photo has no stars", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    library.run({photo}, 4, {{"generic", 5.5}, {"trust", 0.5}, {"profile_hash", "abc"}});
    CHECK(library.said(sidecar, "Xmp.piaa.ProfileHash") == "abc");
    library.run({photo}, 0, {{"flags", {"flat", "tiny"}}});
    CHECK_FALSE(library.said(sidecar, "Xmp.piaa.Stars"));
    CHECK_FALSE(library.said(sidecar, "Xmp.piaa.ProfileHash"));
    CHECK(library.said(sidecar, "Xmp.piaa.Flags") == "flat, tiny");
}

TEST_CASE("two photos of one stem do not write into one sidecar", "[xmp_scores]") {
    Library library;
    const fs::path first = library.photo("a");
    const fs::path second = test::write_photo(test::plain({32, 24}, {1, 2, 3}), library.folder / "a");
    const fs::path sidecar = library.sidecar("lightroom", "a.xmp");
    library.run({first, second});
    CHECK(library.said(sidecar, "Xmp.piaa.Score"));
    CHECK(fs::exists(library.folder / "a.png.xmp"));
    CHECK_FALSE(fs::exists(library.folder / "a.jpg.xmp"));
}

TEST_CASE("a damaged sidecar is an error and stays as it is", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a");
    test::write_bytes(library.folder / "a.xmp", "<x:xmpmeta");
    CHECK_THROWS_AS(library.run({photo}), Error);
    CHECK(test::read_bytes(library.folder / "a.xmp") == "<x:xmpmeta");
}

TEST_CASE("undo leaves a sidecar that was changed since", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), other = library.photo("b");
    library.run({photo, other});
    XmpSidecar by_hand(library.folder / "a.jpg.xmp");
    by_hand.set("Xmp.xmp.Label", "Red");
    by_hand.write();
    std::ostringstream err;
    const UndoSummary undone = undo(library.last_log, false, err);
    CHECK(undone.restored == 1);
    CHECK(undone.refused == 1);
    CHECK_THAT(err.str(), ContainsSubstring("a.jpg.xmp: was changed since"));
    CHECK(library.said(library.folder / "a.jpg.xmp", "Xmp.xmp.Label") == "Red");
    CHECK_FALSE(fs::exists(library.folder / "b.jpg.xmp"));
}

TEST_CASE("where a RAW file has the sidecars of two programs both say the same", "[xmp_scores]") {
    Library library;
    const fs::path raw = library.folder / "a.NEF", ours = library.folder / "a.NEF.xmp",
                   lightroom = library.folder / "a.xmp";
    fs::rename(library.photo("a"), raw);
    const auto both = [&](const char* key, const std::string& value) {
        return library.said(ours, key).value_or("") == value &&
               library.said(lightroom, key).value_or("") == value;
    };
    library.options.marks.by_score.reject_below = 5;
    library.run({raw}, 4, {{"score", GENERATE(3.5, 7.5)}});
    XmpSidecar made(lightroom);
    made.set("Xmp.crs.HasCrop", "True");
    made.write();
    SECTION("a run writes into both, and undo takes both back") {
        const std::string before = test::read_bytes(ours);
        library.run({raw}, 3, {{"score", 5.5}});
        CHECK(both("Xmp.xmp.Rating", "3"));
        CHECK(both("Xmp.piaa.Score", "5.50"));
        CHECK(undo(library.last_log, false, library.err).restored == 2);
        CHECK(test::read_bytes(ours) == before);
        CHECK_FALSE(library.said(lightroom, "Xmp.xmp.Rating"));
    }
    SECTION("one that leaves a rejection puts no stars beside it") {
        const bool rejected = library.said(ours, "Xmp.xmp.Rating") == "-1";
        library.options.marks = {};
        library.run({raw}, 4);
        CHECK(library.said(lightroom, "Xmp.xmp.Rating").value_or("") == (rejected ? "" : "4"));
        CHECK(library.said(ours, "Xmp.xmp.Rating") == (rejected ? "-1" : "4"));
    }
    SECTION("stars that somebody gave in one are replaced in both, when asked") {
        made.set("Xmp.xmp.Rating", "2");
        made.write();
        library.run({raw});
        CHECK(find_stars(raw) == 2);
        CHECK_FALSE(library.said(ours, "Xmp.xmp.Rating"));
        library.options.overwrite_rating = true;
        library.run({raw});
        CHECK(both("Xmp.xmp.Rating", "4"));
    }
    CHECK(library.said(lightroom, "Xmp.crs.HasCrop") == "True");
}
