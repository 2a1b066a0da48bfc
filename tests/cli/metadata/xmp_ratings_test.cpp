#include "metadata/xmp_ratings.h"

#include <boost/filesystem.hpp>
#include <exiv2/exiv2.hpp>

#include "support/catch.h"
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

TEST_CASE("a sidecar is read under either name and goes before the photo", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto first = rated(photo(folder, "first"), "1");
    test::write_bytes(folder / "first.xmp", sidecar("5"));
    CHECK(find_stars(first) == 5);
    const auto second = photo(folder, "second");
    test::write_bytes(folder / "second.jpg.xmp", sidecar("2"));
    CHECK(find_stars(second) == 2);
}

TEST_CASE("a sidecar without stars leaves those of the photo", "[xmp]") {
    const test::TemporaryFolder folder;
    const auto file = rated(photo(folder, "a"), "3");
    test::write_bytes(folder / "a.xmp", sidecar("0"));
    CHECK(find_stars(file) == 3);
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
