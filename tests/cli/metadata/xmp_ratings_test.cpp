#include "metadata/xmp_ratings.h"

#include <boost/filesystem.hpp>
#include <exiv2/exiv2.hpp>

#include "support/catch.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

fs::path photo(const test::TemporaryFolder& folder, const std::string& name) {
    return test::write_photo(test::plain({32, 24}, {90, 120, 60}), folder / name, {.suffix = ".jpg"});
}

/// Writes the rating into the file as another program would.
fs::path rated(const fs::path& file, const std::string& rating) {
    const auto image = Exiv2::ImageFactory::open(file.string());
    image->readMetadata();
    Exiv2::XmpData xmp = image->xmpData();
    xmp["Xmp.xmp.Rating"] = rating;
    image->setXmpData(xmp);
    image->writeMetadata();
    return file;
}

std::string sidecar(const std::string& rating) {
    return R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
           R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating=")" +
           rating + R"("/></rdf:RDF></x:xmpmeta>)";
}

}  // namespace

TEST_CASE("stars embedded in a photo are read", "[xmp]") {
    const test::TemporaryFolder folder;
    CHECK(find_stars(rated(photo(folder, "four"), "4")) == 4);
    CHECK(find_stars(rated(photo(folder, "three"), "3.0")) == 3);
    CHECK(find_stars(rated(photo(folder, "rejected"), "-1")) == -1);
    CHECK_FALSE(find_stars(rated(photo(folder, "zero"), "0")));
    CHECK_FALSE(find_stars(photo(folder, "none")));
}

TEST_CASE("stars in JPEG XL are read, compressed as cjxl leaves them too", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto big_endian = [](std::size_t value) {
        return std::string{static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                           static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    const auto box = [&](const std::string& type, const std::string& content) {
        return big_endian(content.size() + 8) + type + content;
    };
    // Brotli's way to say bytes as they are.
    const auto brotli = [](const std::string& text) {
        const std::size_t head = (text.size() - 1) << 4 | 1 << 20;
        return std::string{static_cast<char>(head), static_cast<char>(head >> 8),
                           static_cast<char>(head >> 16)} +
               text + '\3';
    };
    const auto stars = [&](const std::string& metadata) {
        test::write_bytes(folder / "a.jxl", box("JXL ", "\r\n\x87\n") +
                                                box("ftyp", "jxl " + big_endian(0) + "jxl ") + metadata +
                                                box("jxlc", "\xff\x0a"));
        return find_stars(folder / "a.jxl");
    };
    const std::string packet = sidecar("5"), packed = brotli(packet);
    // One entry, 0x4746, a short that is 3.
    const std::string exif =
        big_endian(0) + std::string("MM\0\x2a\0\0\0\x08\0\x01\x47\x46\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0", 26);
    CHECK(stars(box("xml ", packet)) == 5);
    CHECK(stars(box("brob", "xml " + packed)) == 5);
    CHECK(stars(box("Exif", exif)) == 3);
    CHECK(stars(box("brob", "Exif" + brotli(exif))) == 3);
    CHECK_FALSE(stars(""));
    // What is there and cannot be read may be a rating.
    CHECK_THROWS_AS(stars(box("brob", "xml " + packed.substr(0, 40))), Error);
    CHECK_THROWS_AS(stars(box("brob", "xml ")), Error);
}

TEST_CASE("a sidecar is read under either name and goes before the photo", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto first = rated(photo(folder, "first"), "1");
    test::write_bytes(folder / "first.xmp", sidecar("5"));
    CHECK(find_stars(first) == 5);
    const auto second = photo(folder, "second");
    test::write_bytes(folder / "second.jpg.xmp", sidecar("2"));
    CHECK(find_stars(second) == 2);
}

TEST_CASE("a sidecar with 0 stars takes those of the photo back, one without a rating leaves them", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = rated(photo(folder, "a"), "3");
    test::write_bytes(folder / "a.xmp", sidecar("0"));
    CHECK_FALSE(read_rating(file).maybe_rated());
    test::write_bytes(folder / "a.xmp", sidecar(""));
    CHECK(find_stars(file) == 3);
    // Of two sidecars the one that names stars counts.
    test::write_bytes(folder / "a.xmp", sidecar("0"));
    test::write_bytes(folder / "a.jpg.xmp", sidecar("2"));
    CHECK(find_stars(file) == 2);
}

TEST_CASE("a rating in the HEIC of a photo that has a JPEG too is the photo's", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = photo(folder, "IMG_1");
    test::write_bytes(folder / "IMG_1.HEIC", "no picture");
    test::write_bytes(folder / "IMG_1.HEIC.xmp", sidecar("5"));
    CHECK(find_stars(file) == 5);
    REQUIRE(find_stars_below(folder.path()).ratings.size() == 1);
    CHECK(find_stars_below(folder.path()).ratings[0].stars == 5);
    // Named alone, the HEIC is the same photo.
    test::write_bytes(folder / "IMG_1.jpg.xmp", sidecar("2"));
    CHECK(find_stars(folder / "IMG_1.HEIC") == 5);
}

TEST_CASE("a.xmp rates one of a.jpg and a.png", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto jpeg = photo(folder, "a");
    const auto png = test::write_photo(test::plain({32, 24}, {9, 120, 60}), folder / "a", {.suffix = ".png"});
    test::write_bytes(folder / "a.xmp", sidecar("5"));
    CHECK(find_stars(jpeg) == 5);
    CHECK_FALSE(find_stars(png));
}

TEST_CASE("a link has the rating of the photo that it leads to", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = rated(photo(folder, "a"), "3");
    fs::create_directory(folder / "best");
    const fs::path link = folder / "best/b.jpg";
    fs::create_symlink("../a.jpg", link);
    CHECK(find_stars(link) == 3);
    test::write_bytes(folder / "a.jpg.xmp", sidecar("5"));
    CHECK(find_stars(link) == 5);
    // What stands beside the link goes first.
    test::write_bytes(folder / "best/b.jpg.xmp", sidecar("1"));
    CHECK(find_stars(link) == 1);
}

TEST_CASE("a RAW file and its picture have one rating, wherever it stands", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = photo(folder, "IMG_1");
    fs::copy_file(rated(photo(folder, "raw"), "2"), folder / "IMG_1.DNG");
    const auto read = [&] { return read_rating(file); };
    CHECK(read().stars == 2);
    test::write_bytes(folder / "IMG_1.DNG.xmp", sidecar("5"));
    CHECK(read().stars == 5);
    CHECK(read().source == folder / "IMG_1.DNG.xmp");
    test::write_bytes(folder / "IMG_1.DNG.xmp", sidecar("-1"));
    CHECK(read().stars == -1);
    // The sidecar of the RAW file says nothing of what stands in the picture.
    test::write_bytes(folder / "IMG_1.DNG.xmp", sidecar("0"));
    CHECK_FALSE(read().maybe_rated());
    rated(file, "4");
    CHECK(read().stars == 4);
    // The picture's own sidecar with 0 stars does not hide those of the RAW file.
    test::write_bytes(folder / "IMG_1.DNG.xmp", sidecar("3"));
    test::write_bytes(folder / "IMG_1.jpg.xmp", sidecar("0"));
    CHECK(read().stars == 3);

    const XmpRatings found = find_stars_below(folder.path());
    REQUIRE(found.ratings.size() == 2);
    CHECK(found.ratings[0].photo == file);
    CHECK(found.ratings[0].stars == 3);
}

TEST_CASE("ratings in Exif and in percent are stars, and 0 stars are none", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto with = [&](const std::string& exif_key, int value, const std::string& xmp_key = "",
                          const std::string& text = "") {
        const auto file = photo(folder, "a");
        const auto image = Exiv2::ImageFactory::open(file.string());
        image->readMetadata();
        if (!exif_key.empty()) image->exifData()[exif_key] = static_cast<std::uint16_t>(value);
        if (!xmp_key.empty()) image->xmpData()[xmp_key] = text;
        image->writeMetadata();
        return file;
    };
    CHECK(find_stars(with("Exif.Image.Rating", 4)) == 4);
    CHECK_FALSE(read_rating(with("Exif.Image.Rating", 0)).maybe_rated());
    CHECK(find_stars(with("Exif.Image.RatingPercent", 25)) == 2);
    const std::vector<std::pair<std::string, int>> percents = {{"1", 1},  {"12", 1}, {"25", 2}, {"50", 3},
                                                               {"75", 4}, {"99", 5}, {"100", 5}};
    for (const auto& [percent, stars] : percents)
        CHECK(find_stars(with("", 0, "Xmp.MicrosoftPhoto.Rating", percent)) == stars);
    CHECK_FALSE(read_rating(with("", 0, "Xmp.MicrosoftPhoto.Rating", "0")).maybe_rated());
    CHECK(read_rating(with("", 0, "Xmp.MicrosoftPhoto.Rating", "101")).unread);
    CHECK(find_stars(with("", 0, "Xmp.acdsee.rating", "3")) == 3);
    // A camera's 0 in one field says nothing of the other.
    CHECK(find_stars(with("Exif.Image.Rating", 0, "Xmp.xmp.Rating", "5")) == 5);
    CHECK(find_stars(with("Exif.Image.Rating", 5, "Xmp.xmp.Rating", "0")) == 5);
    CHECK(find_stars(with("Exif.Image.Rating", 2, "Xmp.xmp.Rating", "-1")) == -1);
}

TEST_CASE("XMP that cannot be decoded may hold a rating, in the photo and beside it", "[xmp]") {
    const test::TemporaryFolder folder;
    const std::string good = sidecar("1");
    std::string undeclared = good, latin1 = good, twice = good, control = good;
    undeclared.replace(undeclared.find("xmlns:xmp"), 9, "xmlns:xyz");
    latin1.replace(latin1.find("rdf:about=\"\""), 12, "rdf:about=\"\xe9\"");
    twice.replace(twice.find("/></rdf:RDF>"), 2, "><xmp:Rating>2</xmp:Rating></rdf:Description>");
    control.replace(control.find("rdf:about=\"\""), 12, "rdf:about=\"\x01\"");
    const std::string disagreeing =
        good.substr(0, good.find("</rdf:RDF>")) +
        R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"/>)" +
        good.substr(good.find("</rdf:RDF>"));
    for (const auto& packet : {undeclared, twice, control, disagreeing, good.substr(0, 150)}) {
        CAPTURE(packet);
        const auto file = photo(folder, "a");
        fs::remove(folder / "a.jpg.xmp");
        std::string bytes = test::read_bytes(file);
        const std::string content = std::string("http://ns.adobe.com/xap/1.0/") + '\0' + packet;
        const std::size_t length = content.size() + 2;
        bytes.insert(2, std::string("\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length) +
                            content);
        test::write_bytes(file, bytes);
        const PhotoRating inside = read_rating(file);
        CHECK_FALSE(inside.stars);
        REQUIRE(inside.unread);
        CHECK(std::string(inside.unread->what()).find("a.jpg: ") != std::string::npos);

        // A sidecar that can be read goes before it, one that cannot is named itself.
        test::write_bytes(folder / "a.jpg.xmp", good);
        CHECK(find_stars(file) == 1);
        test::write_bytes(folder / "a.jpg.xmp", packet);
        const PhotoRating beside = read_rating(file);
        REQUIRE(beside.unread);
        CHECK(std::string(beside.unread->what()).find("a.jpg.xmp: ") != std::string::npos);
        fs::remove(folder / "a.jpg.xmp");
    }
    const auto beside_no_xmp = photo(folder, "c");
    for (const char* other : {"<html><body>404</body></html>", "rating: 4", "{\"rating\": 4}"}) {
        test::write_bytes(folder / "c.jpg.xmp", other);
        CHECK(read_rating(beside_no_xmp).unread);
    }
    // exiv2's toolkit mends a Latin-1 letter; either way the photo is not taken for one that nobody rated.
    const auto file = photo(folder, "b");
    test::write_bytes(folder / "b.jpg.xmp", latin1);
    CHECK(read_rating(file).maybe_rated());
}

TEST_CASE("XMP with zero bytes or in UTF-16 inside a photo is not taken for none", "[xmp]") {
    const test::TemporaryFolder folder;
    const std::string good = sidecar("1");
    std::string wide = "\xff\xfe";
    for (const char letter : good) wide += std::string{letter, '\0'};
    std::string inside = good;
    inside.insert(inside.find("</rdf:RDF>"), 40, '\0');
    for (const std::string& packet : {good + std::string(40, '\0'), inside, wide}) {
        const auto file = photo(folder, "a");
        const std::string content = std::string("http://ns.adobe.com/xap/1.0/") + '\0' + packet;
        const std::size_t length = content.size() + 2;
        std::string bytes = test::read_bytes(file);
        bytes.insert(2, std::string("\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length) +
                            content);
        test::write_bytes(file, bytes);
        const PhotoRating rating = read_rating(file);
        CHECK((rating.stars == 1 || rating.unread));
    }
}

TEST_CASE("a rating counts wherever its packet says it, and two that differ are named", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = photo(folder, "a");
    const std::string open = R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
                             R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" )",
                      close = "/></rdf:RDF>";
    const auto root = [&](const std::string& property) { return open + property + close; };
    const auto read = [&](const std::string& roots) {
        test::write_bytes(folder / "a.jpg.xmp", "<any>" + roots + "</any>");
        return read_rating(file);
    };
    CHECK(read(root("xmp:Rating='&#x34;'")).stars == 4);
    CHECK(read(root("xmp:Label='x'") + root("xmp:Rating='4'")).stars == 4);
    CHECK(read(root("xmp:Rating='4'") + root("xmp:Rating=' 4'")).stars == 4);
    const PhotoRating differing = read(root("xmp:Rating='4'") + root("xmp:Rating='2'"));
    CHECK_FALSE(differing.stars);
    REQUIRE(differing.unread);
    CHECK_THAT(differing.unread->what(),
               ContainsSubstring("a.jpg.xmp: its XMP gives the rating twice, '2' and '4'"));
}

TEST_CASE("a sidecar's suffix may have capitals", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = photo(folder, "a");
    for (const std::string name : {"a.jpg.XMP", "a.jpg.Xmp", "a.XMP", "a.Xmp"}) {
        test::write_bytes(folder / name, sidecar("3"));
        CHECK(find_stars(file) == 3);
        fs::remove(folder / name);
    }
}

TEST_CASE("stars in a GIF are read", "[xmp]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.gif";
    test::write_animation({test::plain({20, 10}, {200, 40, 30}), test::plain({20, 10}, {20, 40, 230})}, file);
    CHECK_FALSE(read_rating(file).maybe_rated());
    const std::string gif = test::read_bytes(file);
    std::string trailer = "\x01";
    for (int length = 255; length >= 0; --length) trailer += static_cast<char>(length);
    const std::string part = "\x21\xff\x0bXMP DataXMP" + sidecar("4") + trailer + '\0';
    const std::size_t behind_header = 13 + ((gif[10] & 0x80) != 0 ? 3U << ((gif[10] & 7) + 1) : 0);
    for (const std::size_t place : {behind_header, gif.size() - 1}) {
        test::write_bytes(file, gif.substr(0, place) + part + gif.substr(place));
        CHECK(find_stars(file) == 4);
    }
    test::write_bytes(file, gif.substr(0, behind_header) + part.substr(0, 150));
    CHECK(read_rating(file).unread);
}

TEST_CASE("a sidecar's root element does not matter", "[xmp]") {
    const test::TemporaryFolder folder;
    const std::string good = sidecar("2");
    const std::string rdf =
        good.substr(good.find("<rdf:RDF"), good.find("</x:xmpmeta>") - good.find("<rdf:RDF"));
    const auto file = photo(folder, "a");
    for (const std::string& text : {rdf, "<x:xml_doc xmlns:x=\"adobe:ns:meta/\">" + rdf + "</x:xml_doc>",
                                    "<x:xapmeta xmlns:x=\"adobe:ns:meta/\">" + rdf + "</x:xapmeta>",
                                    "<any>" + rdf + "</any>", "\xef\xbb\xbf<?xml version='1.0'?>\n" + good}) {
        CAPTURE(text);
        test::write_bytes(folder / "a.jpg.xmp", text);
        CHECK(find_stars(file) == 2);
    }
}

TEST_CASE("ratings in HEIC are read", "[xmp]") {
    const test::TemporaryFolder folder;
    if (!test::has_exiftool()) return;
    for (const std::string name : {"sample.heic", "sample.avif"}) {
        const fs::path file = folder / name;
        fs::copy_file(fs::path(PIAA_TEST_DATA) / name, file);
        CHECK_FALSE(read_rating(file).maybe_rated());
        test::ChildProcess({test::exiftool_program, "-q", "-overwrite_original", "-XMP-xmp:Rating=4",
                            "-DateTimeOriginal=2026:11:29 01:02:03", file.string()})
            .wait();
        CHECK(find_stars(file) == 4);
    }
}

TEST_CASE("what is a photo by its content or its name is looked at", "[xmp]") {
    const test::TemporaryFolder folder;
    fs::rename(rated(photo(folder, "a"), "2"), folder / "a.jfif");
    fs::rename(rated(photo(folder, "b"), "3"), folder / "b");
    CHECK(find_stars_below(folder.path()).ratings.size() == 2);
}

TEST_CASE("darktable's one star is told from one that somebody gave", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto by_darktable = [&](const std::string& name, const std::string& rating) {
        photo(folder, name);
        std::string text = sidecar(rating);
        text.insert(text.find("xmp:Rating"),
                    "xmlns:darktable=\"http://darktable.sf.net/\" "
                    "darktable:xmp_version=\"5\" ");
        test::write_bytes(folder / (name + ".jpg.xmp"), text);
    };
    const auto defaults = [&] { return default_stars_of_darktable(find_stars_below(folder.path())); };
    CHECK(defaults() == 0);
    by_darktable("a", "1");
    by_darktable("b", "5");
    CHECK(defaults() == 1);
    by_darktable("c", "4");
    CHECK(defaults() == 0);
    rated(photo(folder, "d"), "1");  // somebody's
    CHECK(defaults() == 0);
    by_darktable("e", "1");
    by_darktable("f", "1");
    CHECK(defaults() == 3);
}

TEST_CASE("stars that our panel in darktable gave are nobody's until somebody changes them", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = photo(folder, "a");
    const auto says = [&](const std::string& rating, const std::string& tag) {
        std::string text = sidecar(rating);
        text.replace(text.find("/></rdf:RDF>"), 2,
                     "><lr:hierarchicalSubject xmlns:lr=\"http://ns.adobe.com/lightroom/1.0/\"><rdf:Bag>"
                     "<rdf:li>piaa|score|7</rdf:li><rdf:li>" +
                         tag + "</rdf:li></rdf:Bag></lr:hierarchicalSubject></rdf:Description>");
        test::write_bytes(folder / "a.jpg.xmp", text);
        return find_stars(file);
    };
    CHECK_FALSE(says("4", "piaa|stars|4 stars"));
    CHECK_FALSE(says("1", "piaa|stars|1 star"));
    CHECK(says("5", "piaa|stars|4 stars") == 5);
    CHECK(says("4", "places|4 stars") == 4);
    CHECK(says("-1", "piaa|stars|1 star") == -1);
}

TEST_CASE("ratings that are none, and damaged metadata, are errors that name the file", "[xmp]") {
    const test::TemporaryFolder folder;
    for (const std::string rating : {"many", "6", "-7", "4 of 5", "nan"}) {
        const auto file = rated(photo(folder, "a"), rating);
        CHECK_THROWS_AS(find_stars(file), Error);
    }
    test::write_bytes(folder / "text.jpg", "not a photo");
    CHECK_THROWS_AS(find_stars(folder / "text.jpg"), Error);
    CHECK_THROWS_AS(find_stars(folder / "nowhere.jpg"), Error);
}

TEST_CASE("a folder's stars are read, the rest counted", "[xmp]") {
    const test::TemporaryFolder folder;
    rated(photo(folder, "b"), "2");
    rated(photo(folder, "a"), "5");
    rated(photo(folder, "c"), "-1");
    photo(folder, "d");
    test::write_bytes(folder / "e.jpg", "not a photo");
    test::write_bytes(folder / "notes.txt", "not a photo either");

    const XmpRatings found = find_stars_below(folder.path());
    REQUIRE(found.ratings.size() == 2);
    CHECK(found.ratings[0].photo == folder / "a.jpg");
    CHECK(found.ratings[0].stars == 5);
    CHECK(found.ratings[1].stars == 2);
    CHECK(found.rejected == 1);
    CHECK(found.unrated == 1);
    REQUIRE(found.errors.size() == 1);
    CHECK(std::string(found.errors.front().what()).find("e.jpg") != std::string::npos);
}
