// The program over files as people's cameras, phones and programs leave them: every command says the same.
#include <cstdint>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem.hpp>
#include <exiv2/exiv2.hpp>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/dng.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

using Arguments = std::vector<std::string>;

struct Library {
    test::TemporaryFolder folder;
    fs::path in = folder / "in";

    Library() { fs::create_directory(in); }
    fs::path photo(const std::string& name, const std::string& suffix = ".jpg") const {
        const int seed = static_cast<int>(std::hash<std::string>()(name) % 50);
        const Image image = test::painted({160, 120}, [seed](int x, int y) {
            const int value = (x * (1 + seed % 3) + y + (x * y / 9) % (9 + seed)) % 256;
            return test::Colour{value, (value + 3 * seed) % 256, 255 - value};
        });
        return test::write_photo(image, in / name, {.suffix = suffix});
    }
    void sidecar(const std::string& name, const std::string& rating) const {
        test::write_bytes(in / name,
                          "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                          "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
                          "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"" +
                              rating + "\"/></rdf:RDF></x:xmpmeta>");
    }
    /// The command over all of it.
    test::ChildProcess::Ending run(const std::string& command, const Arguments& options) const {
        Arguments all = {PIAA_BATCH, command, in.string(), "--model", "lite"};
        all.insert(all.end(), options.begin(), options.end());
        return test::ChildProcess(all, {{"XDG_STATE_HOME", folder.path().string()}}).wait();
    }
    test::ChildProcess::Ending learn() const {
        return test::ChildProcess({PIAA_BATCH, "adapt", "--from-xmp", in.string(), "--model", "lite",
                                   "--output", (folder / "me.pt").string()})
            .wait();
    }
    std::set<std::string> names(const std::string& below = "in") const {
        std::set<std::string> all;
        for (const auto& entry : fs::recursive_directory_iterator(folder / below))
            if (!fs::is_directory(entry.symlink_status()))
                all.insert(entry.path().lexically_relative(folder / below).string());
        return all;
    }
    bool has_rating(const std::string& sidecar) const {
        return test::read_bytes(in / sidecar).find("xmp:Rating") != std::string::npos;
    }
};

void write_metadata(const fs::path& file, const std::string& exif_key, std::uint16_t value,
                    const std::string& xmp_key = "", const std::string& text = "") {
    const auto image = Exiv2::ImageFactory::open(file.string());
    image->readMetadata();
    if (!exif_key.empty()) image->exifData()[exif_key] = value;
    if (!xmp_key.empty()) image->xmpData()[xmp_key] = text;
    image->writeMetadata();
}

std::vector<nlohmann::json> rows_of(const std::string& lines) {
    std::vector<nlohmann::json> rows;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
}

}  // namespace

TEST_CASE("what is rated inside HEIC is kept and learned, and a burst of HEIC is one group",
          "[peoples_files]") {
    if (!test::has_exiftool()) return;
    const Library library;
    const auto frame = [&](const std::string& name, const std::string& second, const std::string& rating) {
        fs::copy_file(fs::path(PIAA_TEST_DATA) / "sample.heic", library.in / name);
        Arguments all = {test::exiftool_program, "-q", "-overwrite_original",
                         "-DateTimeOriginal=2026:11:29 01:02:0" + second};
        if (!rating.empty()) all.push_back("-XMP-xmp:Rating=" + rating);
        all.push_back((library.in / name).string());
        test::ChildProcess(all).wait();
    };
    frame("a.heic", "1", "4");
    frame("b.heic", "2", "-1");
    frame("c.heic", "3", "");
    const auto picked = library.run("pick", {"--format", "jsonl"});
    const auto rows = rows_of(picked.output);
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) CHECK(row["group"] == 1);
    const auto learned = library.learn();
    CHECK_THAT(learned.output, ContainsSubstring("used: 1 rating,"));
    CHECK_THAT(learned.errors, ContainsSubstring("1 photo is marked as rejected"));
    const auto scored = library.run("score", {"--xmp"});
    CHECK_THAT(scored.errors, ContainsSubstring("2 given by hand and kept"));
    CHECK_FALSE(library.has_rating("a.heic.xmp"));
    CHECK_FALSE(library.has_rating("b.heic.xmp"));
}

TEST_CASE("a photo that is linked to is told once, by its own name, whichever command tells it",
          "[peoples_files]") {
    const Library library;
    library.photo("b");
    library.photo("c");
    fs::create_directory(library.in / "best");
    fs::create_symlink("../b.jpg", library.in / "best/b.jpg");
    fs::create_symlink(library.in / "c.jpg", library.in / "a.jpg");
    fs::create_hard_link(library.in / "c.jpg", library.in / "d.jpg");
    for (const std::string command : {"score", "crop", "pick"}) {
        CAPTURE(command);
        Arguments options = {"--format", "jsonl"};
        if (command == "crop") options.insert(options.end(), {"--count", "1", "--no-faces"});
        const auto ending = library.run(command, options);
        std::multiset<std::string> told;
        for (const auto& row : rows_of(ending.output))
            told.insert(fs::path(row["path"].get<std::string>()).filename().string());
        CHECK(told == std::multiset<std::string>{"b.jpg", "c.jpg"});
    }
    // A list is answered line by line.
    const std::string file = (library.in / "c.jpg").string(), link = (library.in / "a.jpg").string();
    test::ChildProcess list({PIAA_BATCH, "score", "-", "--model", "lite", "--format", "jsonl", "--quiet"});
    list.write(file + "\n" + link + "\n");
    CHECK(rows_of(list.wait().output).size() == 2);
    // The link is neither moved nor left leading nowhere.
    CHECK(library.run("score", {"--move-to", (library.folder / "out").string()}).exit_code == 0);
    CHECK_FALSE(fs::is_symlink(library.folder / "out/c.jpg"));
    for (const auto& each : {library.in / "a.jpg", library.in / "best/b.jpg"}) {
        CHECK(fs::is_symlink(each));
        CHECK(fs::exists(each));
    }
}

TEST_CASE("adapt learns each rating that score keeps, and no other", "[peoples_files]") {
    const Library library;
    library.photo("beside");
    library.sidecar("beside.jpg.xmp", "5");
    library.photo("lightroom");
    library.sidecar("lightroom.xmp", "2");
    write_metadata(library.photo("inside"), "", 0, "Xmp.xmp.Rating", "3");
    write_metadata(library.photo("exif"), "Exif.Image.Rating", 4);
    write_metadata(library.photo("percent"), "Exif.Image.RatingPercent", 25);
    write_metadata(library.photo("windows"), "", 0, "Xmp.MicrosoftPhoto.Rating", "99");
    library.photo("twin");
    test::write_bytes(library.in / "twin.dng", "sensor");
    library.sidecar("twin.dng.xmp", "2");
    library.photo("ranked");
    test::write_bytes(library.in / "ranked.jpg.pp3", "[General]\nRank=4\nInTrash=false\n");
    const std::size_t ratings = 8;
    // Nobody's: of cameras, of programs, or taken back.
    write_metadata(library.photo("camera"), "Exif.Image.Rating", 0, "Xmp.xmp.Rating", "0");
    library.photo("empty");
    library.sidecar("empty.jpg.xmp", "");
    write_metadata(library.photo("taken_back"), "", 0, "Xmp.xmp.Rating", "5");
    library.sidecar("taken_back.jpg.xmp", "0");
    // Somebody's, and not learned from.
    library.photo("rejected");
    library.sidecar("rejected.jpg.xmp", "-1");
    library.photo("damaged");
    test::write_bytes(library.in / "damaged.jpg.xmp",
                      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmp:Rating");

    const auto learned = library.learn();
    CHECK(learned.exit_code == 1);
    CHECK_THAT(learned.output, ContainsSubstring("used: " + std::to_string(ratings) + " ratings"));
    CHECK_THAT(learned.errors,
               ContainsSubstring("damaged.jpg.xmp: ") && ContainsSubstring("1 photo is marked"));
    const std::string damaged = test::read_bytes(library.in / "damaged.jpg.xmp");
    const auto scored = library.run("score", {"--xmp"});
    CHECK_THAT(scored.errors, ContainsSubstring(std::to_string(ratings + 1) + " given by hand and kept") &&
                                  ContainsSubstring("damaged.jpg.xmp: "));
    CHECK(test::read_bytes(library.in / "damaged.jpg.xmp") == damaged);
    for (const char* rated : {"inside", "exif", "percent", "windows", "twin", "ranked"})
        CHECK_FALSE(library.has_rating(rated + std::string(".jpg.xmp")));
    // What score wrote itself is no opinion: the next lesson is the same.
    CHECK(library.learn().output == learned.output);
}

TEST_CASE("exports of darktable with its one star are named, and left alone until told", "[peoples_files]") {
    const Library library;
    for (const char* name : {"a", "b", "c"}) {
        const fs::path file = library.photo(name);
        write_metadata(file, "", 0, "Xmp.xmp.Rating", "1");
        write_metadata(file, "", 0, "Xmp.xmp.CreatorTool", "darktable 4.2.1");
    }
    const auto learned = library.learn();
    CHECK(learned.exit_code == 2);
    CHECK_THAT(learned.errors, ContainsSubstring("3 of 3") && ContainsSubstring("--ignore-rating 1") &&
                                   ContainsSubstring("--accept-ones"));
    CHECK_FALSE(fs::exists(library.folder / "me.pt"));
    CHECK_THAT(library.run("score", {"--xmp", "--dry-run"}).errors,
               ContainsSubstring("3 given by hand and kept"));
    CHECK_THAT(library.run("score", {"--xmp", "--dry-run", "--ignore-rating", "1"}).errors,
               ContainsSubstring("0 given by hand and kept"));
}

TEST_CASE("what a dry run of a move says is what happens", "[peoples_files]") {
    const Library library;
    library.photo("IMG_7");
    fs::copy_file(fs::path(PIAA_TEST_DATA) / "sample.heic", library.in / "IMG_7.HEIC");
    test::write_bytes(
        library.in / "IMG_7.DNG",
        test::dng_bytes(test::disc({160, 120}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}), "", {}));
    for (const char* name : {"IMG_7.xmp", "IMG_7.jpg.xmp", "IMG_7_01.jpg.xmp", "IMG_7.DNG.xmp"})
        library.sidecar(name, "3");
    test::write_bytes(library.in / "IMG_7.DNG.pp3", "[General]\nRank=0\n");
    library.photo("other", ".png");
    fs::create_directory(library.folder / "out");
    test::write_bytes(library.folder / "out/other.png", "somebody's");
    const auto before = library.names();
    const std::string out = (library.folder / "out").string();
    std::istringstream said(library.run("score", {"--move-to", out, "--dry-run"}).errors);
    CHECK(library.names() == before);
    std::set<std::string> promised = {"other.png"};
    const std::string mark = ": would be moved to " + out + "/";
    for (std::string line; std::getline(said, line);)
        if (const auto at = line.find(mark); at != std::string::npos)
            promised.insert(line.substr(at + mark.size()));
    CHECK(library.run("score", {"--move-to", out}).exit_code == 0);
    CHECK(library.names("out") == promised);
    CHECK(promised.contains("IMG_7.HEIC"));
    CHECK(promised.contains("other-2.png"));
    CHECK(library.names().empty());
}

TEST_CASE("on a full disk nothing of ours stays behind, and only what was done is counted",
          "[peoples_files]") {
    const Library library;
    library.photo("a");
    library.photo("b", ".png");
    const auto before = library.names();
    fs::create_directory(library.folder / "out");
    const auto without_room = [&](const std::string& command, const std::string& options) {
        return test::ChildProcess({"/bin/sh", "-c",
                                   "ulimit -f 1; exec " PIAA_BATCH " " + command + " '" +
                                       library.in.string() + "' --model lite " + options})
            .wait();
    };
    const std::string out = "'" + (library.folder / "out").string() + "'";
    for (const auto& [command, options] : std::vector<std::pair<std::string, std::string>>{
             {"crop", "--aspect 1:1 --count 1 --no-faces --into " + out},
             {"crop", "--aspect 1:1 --count 1 --no-faces --preview " + out},
             {"explain", "--into " + out},
             {"score", "--copy-to " + out + " --undo-log '" + (library.folder / "log").string() + "'"}}) {
        CAPTURE(command, options);
        const auto ending = without_room(command, options);
        CHECK(ending.exit_code != 0);
        CHECK_THAT(ending.errors, ContainsSubstring("File too large"));
        CHECK(library.names("out").empty());
    }
    CHECK(library.names() == before);
}
