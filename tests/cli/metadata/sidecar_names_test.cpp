// Sidecars that other programs and other systems named and wrote: accents in two forms, and no XMP.
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "changes/photo_transfer.h"
#include "changes/undo_log.h"
#include "changes/xmp_scores.h"
#include "metadata/developing_profile.h"
#include "metadata/xmp_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "photos/name_spellings.h"
#include "photos/photo_family.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

const std::string composed = "Caf\xc3\xa9", apart = "Cafe\xcc\x81";

fs::path photo(const test::TemporaryFolder& folder, const std::string& name) {
    return test::write_photo(test::plain({32, 24}, {90, 120, 60}), folder / name, {.suffix = ".jpg"});
}

std::string stars(const std::string& number) {
    return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
           "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
           "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"" +
           number + "\"/></rdf:RDF></x:xmpmeta>";
}

}  // namespace

TEST_CASE("a name has one spelling, or three", "[sidecar_names]") {
    CHECK(spellings("a.jpg") == std::vector<std::string>{"a.jpg"});
    CHECK(spellings(composed) == std::vector<std::string>{composed, apart});
    CHECK(spellings(apart) == std::vector<std::string>{apart, composed});
    CHECK(spellings("caf\xe9") == std::vector<std::string>{"caf\xe9"});
    CHECK(spellings(apart + composed).size() == 3);
}

TEST_CASE("a sidecar with accents in the other form is the photo's", "[sidecar_names]") {
    const test::TemporaryFolder folder;
    const auto [of_photo, of_sidecar] = GENERATE(std::pair(composed, apart), std::pair(apart, composed));
    const std::string end = GENERATE(".jpg.xmp", ".xmp");
    const fs::path file = photo(folder, of_photo), sidecar = folder / (of_sidecar + end);
    test::write_bytes(sidecar, stars("2"));
    if (fs::exists(folder / (of_photo + end))) return;  // a folder to which both are one
    CHECK(find_stars(file) == 2);
    CHECK(find_sidecar(file) == sidecar);

    // Scores go into it, and it goes where the photo goes, with the photo's number where its name is taken.
    std::ostringstream err;
    UndoLog log(folder / "log", "score");
    XmpScores scores({.write = true}, log, err);
    const nlohmann::ordered_json record = {{"path", file.string()},
                                           {"score", 7.2},
                                           {"spread", 1.0},
                                           {"flags", nlohmann::ordered_json::array()},
                                           {"stars", 4}};
    scores.take(record);
    CHECK(XmpSidecar(sidecar).text("Xmp.piaa.Score") == "7.20");
    CHECK(XmpSidecar(sidecar).text("Xmp.xmp.Rating") == "2");
    CHECK_FALSE(fs::exists(folder / (of_photo + ".jpg.xmp")));
    fs::create_directory(folder / "out");
    test::write_bytes(folder / ("out/" + of_photo + ".jpg"), "somebody's");
    PhotoTransfer(TransferKind::move, folder / "out", false, log, err).take(record);
    CHECK(fs::exists(folder / ("out/" + of_photo + "-2.jpg")));
    CHECK(fs::exists(folder / ("out/" + of_sidecar + "-2" + end)));
    CHECK_FALSE(fs::exists(sidecar));
}

TEST_CASE("a sidecar with accents in the form of another photo is that photo's", "[sidecar_names]") {
    const test::TemporaryFolder folder;
    const fs::path one = photo(folder, composed);
    test::write_bytes(folder / (apart + ".jpg"), test::read_bytes(one));
    if (fs::equivalent(one, folder / (apart + ".jpg"))) return;
    test::write_bytes(folder / (apart + ".jpg.xmp"), stars("5"));
    test::write_bytes(folder / (apart + ".xmp"), stars("5"));
    CHECK_FALSE(find_stars(one));
    CHECK(find_stars(folder / (apart + ".jpg")) == 5);
    FolderNames names;
    CHECK(files_of_photo(one, names).size() == 1);
    CHECK(files_of_photo(folder / (apart + ".jpg"), names).size() == 3);
    // Its own goes first where both are there.
    test::write_bytes(folder / (composed + ".jpg.xmp"), stars("3"));
    CHECK(find_stars(one) == 3);
}

TEST_CASE("RawTherapee's and ART's ranks are ratings, after XMP and before the photo", "[sidecar_names]") {
    const test::TemporaryFolder folder;
    const fs::path file = photo(folder, "a");
    const auto says = [&](const std::string& general, const std::string& suffix = ".pp3") {
        test::write_bytes(file.string() + suffix,
                          "[Version]\nAppVersion=5.9\nVersion=349\n\n[General]\n" + general +
                              "\n[Exposure]\nAuto=false\nRank=2\nCurve=1;0;0;0.5;0.6;\n");
        return read_rating(file);
    };
    CHECK(says("ColorLabel=0\nRank=4\nInTrash=false\n").stars == 4);
    CHECK(says("Rank=4\nInTrash=false\n").source == file.string() + ".pp3");
    CHECK(says("Rank=3\nInTrash=true\n").stars == -1);
    CHECK_FALSE(says("ColorLabel=0\nRank=0\nInTrash=false\n").maybe_rated());
    CHECK_FALSE(says("").maybe_rated());
    for (const char* odd : {"Rank=6\n", "Rank=four\n", "Rank=-2\n"}) {
        const PhotoRating rating = says(odd);
        REQUIRE(rating.unread);
        CHECK_THAT(rating.unread->what(), ContainsSubstring("a.jpg.pp3: Rank is"));
    }
    test::write_bytes(file.string() + ".pp3", "no such file");
    CHECK_THAT(read_rating(file).unread.value().what(), ContainsSubstring("is no developing profile"));
    test::write_bytes(file.string() + ".pp3", "[General]\n\x01\x02secret\xff\n");
    CHECK_THAT(read_rating(file).unread.value().what(), !ContainsSubstring("secret"));
    test::write_bytes(file.string() + ".pp3",
                      "\xEF\xBB\xBF[General]\r\nRank=3\r\n");  // as an editor saves it
    CHECK(read_rating(file).stars == 3);
    test::write_bytes(file.string() + ".pp3", "");
    CHECK_FALSE(read_rating(file).maybe_rated());
    CHECK(says("Rank=5\n", ".arp").stars == 5);
    // Stars of XMP come first; 0 there is an opinion on what is inside the photo alone.
    test::write_bytes(file.string() + ".xmp", stars("2"));
    CHECK(read_rating(file).stars == 2);
    test::write_bytes(file.string() + ".xmp", stars("0"));
    CHECK(read_rating(file).stars == 5);

    fs::create_directory(folder / "best");
    fs::create_symlink("../a.jpg", folder / "best/b.jpg");
    CHECK(read_rating(folder / "best/b.jpg").stars == 5);
}

TEST_CASE("a photo that RawTherapee ranked gets no stars of ours, and its RAW file's rank is its own",
          "[sidecar_names]") {
    const test::TemporaryFolder folder;
    const fs::path file = photo(folder, "a");
    test::write_bytes(folder / "a.dng", "sensor");
    test::write_bytes(folder / "a.dng.pp3", "[General]\nRank=1\n");
    CHECK(find_stars(file) == 1);
    std::ostringstream err;
    UndoLog log(folder / "log", "score");
    XmpScores scores({.write = true}, log, err);
    scores.take({{"path", file.string()},
                 {"score", 7.2},
                 {"spread", 1.0},
                 {"stars", 4},
                 {"flags", nlohmann::ordered_json::array()}});
    CHECK_FALSE(XmpSidecar(new_sidecar(file)).text("Xmp.xmp.Rating"));
}
