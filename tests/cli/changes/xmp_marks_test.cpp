#include "changes/xmp_marks.h"

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "metadata/xmp_ratings.h"
#include "metadata/xmp_sidecar.h"
#include "sidecar_library.h"
#include "support/catch.h"
#include "support/photo_files.h"

using namespace piaa;
using namespace piaa::cli;
using test::Library;
namespace fs = boost::filesystem;

namespace {

/// Marks of all kinds.
XmpMarks all_marks() {
    return {.by_score = {.labels = {{"Green", 7}, {"Yellow", 5}},
                         .keyword = "piaa:",
                         .accept_from = 7,
                         .reject_below = 4}};
}

}  // namespace

TEST_CASE("marks go into XMP as Lightroom and digiKam read them, and follow the score", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto said = [&](const char* key) { return library.said(sidecar, key).value_or(""); };
    library.run({photo});
    CHECK(said("Xmp.xmp.Label") == "Green");
    CHECK(said("Xmp.digiKam.ColorLabel") == "4");
    CHECK(said("Xmp.digiKam.PickLabel") == "3");
    CHECK(said("Xmp.dc.subject") == "piaa:7");
    const std::string once = test::read_bytes(sidecar);
    library.run({photo});
    CHECK(test::read_bytes(sidecar) == once);

    library.run({photo}, 3, {{"score", 5.5}});
    CHECK(said("Xmp.xmp.Label") == "Yellow");
    CHECK(said("Xmp.digiKam.ColorLabel") == "3");
    CHECK(said("Xmp.digiKam.PickLabel").empty());
    CHECK(said("Xmp.dc.subject") == "piaa:5");

    library.run({photo}, 1, {{"score", 3.5}});
    CHECK(said("Xmp.xmp.Label").empty());
    CHECK(said("Xmp.digiKam.ColorLabel").empty());
    CHECK(said("Xmp.digiKam.PickLabel") == "1");
    CHECK(said("Xmp.xmp.Rating") == "-1");
    CHECK_FALSE(find_stars(photo));  // ours, and nobody's opinion

    library.run({photo}, 0);
    CHECK(said("Xmp.digiKam.PickLabel").empty());
    CHECK(said("Xmp.dc.subject").empty());
    CHECK(said("Xmp.xmp.Rating").empty());
}

TEST_CASE("marks that somebody set stay, and undo takes back ours", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    const std::string program = GENERATE("darktable", "digikam", "lightroom");
    CAPTURE(program);
    const fs::path photo = library.photo("a"), sidecar = library.sidecar(program, "a.jpg.xmp");
    const auto list = [&](const char* key) { return library.said(sidecar, key).value_or(""); };
    const std::string before = test::read_bytes(sidecar);
    const auto label = library.said(sidecar, "Xmp.xmp.Label"),
               colour = library.said(sidecar, "Xmp.digiKam.ColorLabel"),
               pick = library.said(sidecar, "Xmp.digiKam.PickLabel");
    const std::string subject = list("Xmp.dc.subject"), tags = list("Xmp.digiKam.TagsList");
    const auto with = [](const std::string& words) {
        return words.empty() ? std::string("piaa:7") : words + ", piaa:7";
    };
    library.run({photo});
    if (label) CHECK(library.said(sidecar, "Xmp.xmp.Label") == label);
    if (colour) CHECK(library.said(sidecar, "Xmp.digiKam.ColorLabel") == colour);
    if (pick) CHECK(library.said(sidecar, "Xmp.digiKam.PickLabel") == pick);
    CHECK(list("Xmp.dc.subject") == with(subject));
    if (!tags.empty()) CHECK(list("Xmp.digiKam.TagsList") == with(tags));
    library.run({photo}, 4, {{"score", 8.5}});
    CHECK(list("Xmp.dc.subject").find("piaa:7") == std::string::npos);
    CHECK(list("Xmp.dc.subject").find("piaa:8") != std::string::npos);

    undo(library.last_log, false, library.err);
    undo(library.folder / "log1", false, library.err);
    CHECK(test::read_bytes(sidecar) == before);
}

TEST_CASE("a label of the photo itself or of another of its files keeps ours away", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    const fs::path photo = library.photo("a");
    const std::string key = GENERATE("Xmp.xmp.Label", "Xmp.digiKam.ColorLabel", "Xmp.digiKam.PickLabel");
    fs::copy_file(photo, library.folder / "a.DNG");
    XmpSidecar raw(library.folder / "a.DNG.xmp");
    raw.set(key, "2");
    raw.write();
    library.run({photo});
    const fs::path sidecar = library.folder / "a.jpg.xmp";
    const bool label = key != "Xmp.digiKam.PickLabel";
    CHECK(library.said(sidecar, "Xmp.xmp.Label").has_value() != label);
    CHECK(library.said(sidecar, "Xmp.digiKam.PickLabel").has_value() == label);
    CHECK_THAT(library.err.str(), ContainsSubstring("marks of 1 given by hand and kept"));
}

TEST_CASE("a colour of darktable's keeps a label away, and none of its colours does not", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    const bool coloured = GENERATE(true, false);
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    test::write_bytes(sidecar,
                      std::string("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                                  "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                                  "<rdf:Description rdf:about=\"\" "
                                  "xmlns:darktable=\"http://darktable.sf.net/\">"
                                  "<darktable:colorlabels><rdf:Seq>") +
                          (coloured ? "<rdf:li>2</rdf:li>" : "") +
                          "</rdf:Seq></darktable:colorlabels></rdf:Description></rdf:RDF></x:xmpmeta>");
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Label").has_value() != coloured);
    CHECK(library.said(sidecar, "Xmp.dc.subject") == "piaa:7");
}

TEST_CASE("a rejection spares what somebody rated", "[xmp_marks]") {
    Library library;
    library.options.marks.by_score.reject_below = 9;
    const fs::path photo = library.photo("a"), sidecar = library.sidecar("darktable", "a.jpg.xmp");
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == "3");
    CHECK_FALSE(library.said(sidecar, "Xmp.digiKam.PickLabel"));
}

TEST_CASE("where ratings of others are replaced, one run rejects too, but no photo that is flagged",
          "[xmp_marks]") {
    Library library;
    library.options.marks.by_score.reject_below = 9;
    library.options.overwrite_rating = true;
    const fs::path photo = library.photo("a"), sidecar = library.sidecar("darktable", "a.jpg.xmp");
    const bool flagged = GENERATE(false, true);
    if (flagged) {
        XmpSidecar by_hand(sidecar);
        by_hand.set("Xmp.digiKam.PickLabel", "3");
        by_hand.write();
    }
    library.run({photo});
    CHECK(library.said(sidecar, "Xmp.xmp.Rating") == (flagged ? "4" : "-1"));
    CHECK(library.said(sidecar, "Xmp.digiKam.PickLabel") == (flagged ? "3" : "1"));
    const std::string once = test::read_bytes(sidecar);
    library.run({photo});
    CHECK(test::read_bytes(sidecar) == once);
}

TEST_CASE("a dry run says the marks", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    library.options.dry_run = true;
    library.run({library.photo("a")});
    CHECK_THAT(library.err.str(),
               ContainsSubstring("score 7.26, rating 4, label Green, keyword piaa:7, accepted"));
}

TEST_CASE("a choice among photos of one moment marks the chosen ones and, if asked, the others",
          "[xmp_marks]") {
    Library library;
    library.options.marks.by_pick = {.label = "Green", .keyword = "best", .accept = true, .reject = true};
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto said = [&](const char* key) { return library.said(sidecar, key).value_or(""); };
    library.run({photo}, 4, {{"pick", true}});
    CHECK(said("Xmp.xmp.Label") == "Green");
    CHECK(said("Xmp.digiKam.PickLabel") == "3");
    CHECK(said("Xmp.dc.subject") == "best");
    CHECK(said("Xmp.xmp.Rating") == "4");

    library.run({photo}, 4, {{"pick", false}});
    CHECK(said("Xmp.xmp.Label").empty());
    CHECK(said("Xmp.digiKam.PickLabel") == "1");
    CHECK(said("Xmp.dc.subject").empty());
    CHECK(said("Xmp.xmp.Rating") == "-1");
    CHECK_FALSE(find_stars(photo));
}

TEST_CASE("the keyword by choice leaves the one by score, and the other way round", "[xmp_marks]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto keywords = [&] { return library.said(sidecar, "Xmp.dc.subject").value_or(""); };
    XmpMarks by_score, by_pick;
    by_score.by_score.keyword = "piaa:";
    by_pick.by_pick.keyword = "best";
    library.options.marks = by_score;
    library.run({photo});
    library.options.marks = by_pick;
    library.run({photo}, 4, {{"pick", true}});
    CHECK_THAT(keywords(), ContainsSubstring("piaa:7") && ContainsSubstring("best"));
    library.options.marks = by_score;
    library.run({photo}, 4, {{"score", 5.5}});
    CHECK_THAT(keywords(), ContainsSubstring("piaa:5") && ContainsSubstring("best"));
    library.options.marks = by_pick;
    library.run({photo}, 4, {{"pick", false}});
    CHECK(keywords() == "piaa:5");
}

TEST_CASE("a keyword that was there before is never ours", "[xmp_marks]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const bool by_score = GENERATE(true, false);
    const std::string theirs = by_score ? "piaa:7" : "best";
    const auto run = [&](const std::string& keyword, bool chosen) {
        library.options.marks = {};
        (by_score ? library.options.marks.by_score.keyword : library.options.marks.by_pick.keyword) = keyword;
        const auto more =
            by_score ? nlohmann::ordered_json::object() : nlohmann::ordered_json{{"pick", chosen}};
        library.run({photo}, 4, more);
        return library.said(sidecar, "Xmp.dc.subject").value_or("");
    };
    XmpSidecar by_hand(sidecar);
    by_hand.set_bag("Xmp.dc.subject", {theirs, "Kids"});
    by_hand.write();
    CHECK(run(by_score ? "piaa:" : "best", true) == theirs + ", Kids");
    CHECK(run(by_score ? "piaa:" : "best", false) == theirs + ", Kids");
    CHECK(run(by_score ? "album:" : "album", true) == theirs + ", Kids, " + (by_score ? "album:7" : "album"));
    CHECK(run(by_score ? "piaa:" : "best", true) == theirs + ", Kids");
}

TEST_CASE("a keyword that stands in digiKam's list alone is not ours either", "[xmp_marks]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    XmpSidecar by_hand(sidecar);
    by_hand.set_bag("Xmp.digiKam.TagsList", {"best"});
    by_hand.write();
    library.options.marks.by_pick.keyword = "best";
    library.run({photo}, 4, {{"pick", true}});
    library.run({photo}, 4, {{"pick", false}});
    CHECK(library.said(sidecar, "Xmp.digiKam.TagsList") == "best");
}

TEST_CASE("a keyword of ours that somebody took away stays away", "[xmp_marks]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto run = [&](double score) {
        library.run({photo}, 4, {{"score", score}});
        return library.said(sidecar, "Xmp.dc.subject").value_or("");
    };
    library.options.marks.by_score.keyword = "piaa:";
    CHECK(run(7.5) == "piaa:7");
    XmpSidecar by_hand(sidecar);
    by_hand.remove("Xmp.dc.subject");
    by_hand.write();
    CHECK(run(7.5).empty());
    CHECK(run(8.5).empty());
    library.options.marks.by_score.keyword = "album:";
    CHECK(run(8.5) == "album:8");
}

TEST_CASE("marks of ours that somebody took away stay away", "[xmp_marks]") {
    Library library;
    library.options.marks = all_marks();
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto said = [&](const std::string& key) { return library.said(sidecar, key).value_or("none"); };
    const bool to_none = GENERATE(false, true);
    library.run({photo});
    XmpSidecar by_hand(sidecar);
    for (const char* key : {"Xmp.digiKam.ColorLabel", "Xmp.digiKam.PickLabel"})
        to_none ? by_hand.set(key, "0") : by_hand.remove(key);
    by_hand.write();
    const std::string none = to_none ? "0" : "none";
    for (const double score : {7.5, 5.5, 3.5, 7.5}) {
        library.run({photo}, 4, {{"score", score}});
        CHECK(said("Xmp.digiKam.ColorLabel") == none);
        CHECK(said("Xmp.digiKam.PickLabel") == none);
        CHECK(said("Xmp.xmp.Label") == "none");  // the other half of the label
        CHECK(said("Xmp.xmp.Rating") == "4");    // and no rejection without a flag
    }
    XmpSidecar again(sidecar);
    again.set("Xmp.xmp.Label", "Green");
    again.write();
    library.run({photo}, 4, {{"score", 5.5}});
    CHECK(said("Xmp.xmp.Label") == "Green");  // theirs, although it is as ours was
}

TEST_CASE("stars of ours that somebody took away stay away until they are asked for", "[xmp_scores]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto rating = [&] { return library.said(sidecar, "Xmp.xmp.Rating").value_or("none"); };
    const auto by_hand = [&](const std::string& stars) {
        XmpSidecar edited(sidecar);
        stars == "none" ? edited.remove("Xmp.xmp.Rating") : edited.set("Xmp.xmp.Rating", stars);
        edited.write();
    };
    const std::string none = GENERATE("none", "0", "");
    library.run({photo});
    by_hand(none);
    library.run({photo});
    library.run({photo}, 3);
    CHECK(rating() == none);
    CHECK_THAT(library.err.str(), ContainsSubstring("1 taken away by hand and left so"));
    by_hand("4");
    library.run({photo}, 3);
    CHECK(find_stars(photo) == 4);  // theirs, although it is as ours was
    by_hand(none);
    library.run({photo}, 3);
    CHECK(rating() == none);
    library.options.overwrite_rating = true;
    library.run({photo}, 3);
    CHECK(rating() == "3");
}

TEST_CASE("a rejection goes whole or stays whole", "[xmp_marks]") {
    Library library;
    const fs::path photo = library.photo("a"), sidecar = library.folder / "a.jpg.xmp";
    const auto is = [&](const std::string& rating, const std::string& flag) {
        return library.said(sidecar, "Xmp.xmp.Rating") == rating &&
               library.said(sidecar, "Xmp.digiKam.PickLabel").value_or("") == flag;
    };
    library.options.marks.by_score.reject_below = 8;
    library.run({photo});
    REQUIRE(is("-1", "1"));
    SECTION("a run that does not ask about flags leaves both") {
        library.options.marks = {};
        library.run({photo});
        CHECK(is("-1", "1"));
        CHECK(library.said(sidecar, "Xmp.piaa.Stars") == "4");
        library.options.marks.by_pick.keyword = "best";
        library.run({photo}, 4, {{"pick", true}});
        CHECK(is("-1", "1"));
    }
    SECTION("a run that asks about flags takes both") {
        library.options.marks = {};
        library.options.marks.by_score.accept_from = 7;
        library.run({photo}, 4, {{"score", 6.5}});
        CHECK(is("4", ""));
    }
    SECTION("where somebody took the flag away, the rating follows the score again") {
        XmpSidecar by_hand(sidecar);
        by_hand.remove("Xmp.digiKam.PickLabel");
        by_hand.write();
        if (GENERATE(true, false)) library.options.marks = {};
        library.run({photo});
        CHECK(is("4", ""));
    }
    SECTION("where somebody took the rating away, the flag goes once flags are asked about") {
        XmpSidecar by_hand(sidecar);
        by_hand.set("Xmp.xmp.Rating", "0");
        by_hand.write();
        library.run({photo});
        CHECK(is("0", ""));
    }
    SECTION("what somebody accepted is not rejected by its rating alone") {
        XmpSidecar by_hand(sidecar);
        by_hand.set("Xmp.digiKam.PickLabel", "3");
        by_hand.write();
        library.run({photo});
        CHECK(is("4", "3"));
    }
}

TEST_CASE("of several labels that hold the one with the highest score counts", "[xmp_marks]") {
    XmpMarks marks;
    marks.by_score.labels = {{"Yellow", 5}, {"Green", 7}, {"Blue", 9}};
    const auto label = [&](double score) { return marks.verdict({{"stars", 4}, {"score", score}}).label; };
    CHECK(label(9.88) == "Blue");
    CHECK(label(7) == "Green");
    CHECK(label(6.99) == "Yellow");
    CHECK_FALSE(label(4.99));
}
