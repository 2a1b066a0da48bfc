#include <cmath>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>

#include <piaa/error.h>
#include <piaa/research/dataset.h>

#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

fs::path layouts() {
    return fs::path(PIAA_TEST_DATA) / "layouts";
}

std::size_t place(const Dataset& data, const std::string& image) {
    const auto& images = data.ratings.images();
    const auto found = std::find(images.begin(), images.end(), image);
    REQUIRE(found != images.end());
    return static_cast<std::size_t>(found - images.begin());
}

/// The sample of a layout with one text in one file replaced, and what reading it says.
std::string complaint(const std::string& layout, const std::string& file, const std::string& what,
                      const std::string& by) {
    const test::TemporaryFolder folder;
    for (const auto& entry : fs::recursive_directory_iterator(layouts() / layout)) {
        const fs::path copy = folder.path() / fs::relative(entry.path(), layouts() / layout);
        if (fs::is_directory(entry.path()))
            fs::create_directories(copy);
        else
            fs::copy_file(entry.path(), copy);
    }
    fs::ifstream in(folder.path() / file);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    in.close();
    const auto found = text.find(what);
    REQUIRE(found != std::string::npos);
    fs::ofstream(folder.path() / file) << text.replace(found, what.size(), by);
    try {
        read_dataset(layout, folder.path());
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("AVA's counts become distributions, its lists parts", "[dataset]") {
    const Dataset data = read_dataset("ava", layouts() / "ava");
    CHECK(data.ratings.images().size() == 4);
    CHECK(data.ratings.detail() == RatingsDetail::histograms);
    CHECK(data.parts[place(data, "100002.jpg")] == "test");
    CHECK(data.parts[place(data, "100001.jpg")] == "train");
    const auto first = data.ratings.image_distributions(10)[place(data, "100001.jpg")];
    CHECK(first.probabilities()[0] == 0);
    CHECK(first.probabilities()[3] == Approx(17.0 / 124));
    CHECK(data.ratings.image_counts()[place(data, "100001.jpg")] == 124);
    CHECK(data.ratings.image_means()[place(data, "100001.jpg")] == Approx(first.mean()));
    CHECK(data.form.limit == 5.0);
}

TEST_CASE("AADB's lists give mean scores and three parts", "[dataset]") {
    const Dataset data = read_dataset("aadb", layouts() / "aadb");
    CHECK(data.ratings.detail() == RatingsDetail::means);
    CHECK(data.ratings.image_means()[place(data, "0.850_farm1_15_100005_ee_b.jpg")] == Approx(0.85));
    CHECK(data.parts[place(data, "farm1_13_100003_cc_b.jpg")] == "validation");
}

TEST_CASE("EVA's votes are read between equals signs", "[dataset]") {
    const Dataset data = read_dataset("eva", layouts() / "eva");
    CHECK(data.ratings.raters() == std::vector<std::string>{"E1", "E2", "C3"});
    CHECK(data.ratings.image_means()[place(data, "100002.jpg")] == Approx(9.5));
}

TEST_CASE("FLICKR-AES knows its test people and their photos", "[dataset]") {
    const Dataset data = read_dataset("flickr-aes", layouts() / "flickr-aes");
    CHECK(data.ratings.raters().size() == 3);
    CHECK(data.test_raters == std::vector<std::string>{"A3EXAMPLE"});
    CHECK(data.parts[place(data, "farm1_10_100004_dddd_b.jpg")] == "test");
    CHECK(data.parts[place(data, "farm1_10_100001_aaaa_b.jpg")] == "train");
    const auto tested = data.ratings.of_raters([](const auto& name) { return name == "A3EXAMPLE"; });
    CHECK(tested.images().size() == 2);
}

TEST_CASE("PARA's ratings, lists and test people are read", "[dataset]") {
    const Dataset data = read_dataset("para", layouts() / "para");
    CHECK(data.ratings.image_means()[place(data, "session1/iaa_pub1_.jpg")] == Approx(3.75));
    CHECK(data.parts[place(data, "session1/iaa_pub2_.jpg")] == "test");
    CHECK(data.test_raters == std::vector<std::string>{"Bb2"});
}

TEST_CASE("liked photos carry what is known of people", "[dataset]") {
    SECTION("PARA: what a person rated 4 or more") {
        const auto photos = read_liked_photos(layouts() / "para/annotation/PARA-UserInfo.csv", "");
        REQUIRE(photos.images ==
                std::vector<std::string>{"session1/iaa_pub2_.jpg", "session1/iaa_pub1_.jpg"});
        CHECK(photos.people == std::vector<std::string>{"Aa1", "Bb2"});
        CHECK(photos.traits[0] == Approx(1));   // openness 10 of 10
        CHECK(photos.traits[7] == Approx(-1));  // extraversion 1 of 10
    }
    SECTION("PsychoFlickr: a folder per person") {
        const test::TemporaryFolder folder;
        for (const char* name : {"u001", "u002"}) {
            fs::create_directories(folder.path() / name);
            fs::ofstream(folder.path() / name / "liked.jpg") << "x";
        }
        const auto photos = read_liked_photos(layouts() / "psychoflickr/traits.csv", folder.path());
        REQUIRE(photos.images.size() == 2);
        CHECK(photos.images[0] == "u001/liked.jpg");
        CHECK(photos.traits[0] == 1);
        CHECK(photos.traits[4] == -1);
        fs::remove_all(folder.path() / "u002");
        CHECK_THROWS_WITH(read_liked_photos(layouts() / "psychoflickr/traits.csv", folder.path()),
                          ContainsSubstring("line 3, column 'user' is 'u002'"));
    }
    SECTION("poles: one trait known, the others not") {
        const auto photos = read_liked_photos(layouts() / "poles/images.csv", "");
        CHECK(photos.traits[0] == 1);
        CHECK(std::isnan(photos.traits[1]));
        CHECK(photos.traits[9] == -1);
    }
}

TEST_CASE("a data set that is off is told by file, line and column", "[dataset]") {
    CHECK_THAT(complaint("ava", "AVA.txt", "15 26 26", "15 x 26"),
               ContainsSubstring("AVA.txt: line 2, column 6 is 'x' and should be a number"));
    CHECK_THAT(complaint("ava", "AVA.txt", " 0 0 1396", " 0 1396"),
               ContainsSubstring("AVA.txt: line 3 has 14 columns and should have 15"));
    CHECK_THAT(complaint("ava", "AVA.txt", "0 1 5 17 38 36 15 6 5 1", "0 0 0 0 0 0 0 0 0 0"),
               ContainsSubstring("line 1, columns 3 to 12 hold no vote"));
    CHECK_THAT(complaint("aadb", "imgListFiles_label/imgListTestNewRegression_score.txt", " 0.85", " 85"),
               ContainsSubstring("line 2, column 2 is '85' and should be a number from 0 to 1"));
    CHECK_THAT(complaint("eva", "data/votes_filtered.csv", "=9=", "=19="),
               ContainsSubstring("line 4, column 'score' is '19' and should be a number from 0 to 10"));
    CHECK_THAT(complaint("flickr-aes", "FLICKR-AES_image_labeled_by_each_worker.csv", "jpg,1", "jpg,six"),
               ContainsSubstring("line 6, column 'score' is 'six'"));
    CHECK_THAT(complaint("flickr-aes", "FLICKR-AES_image_labeled_by_each_worker.csv", "score", "points"),
               ContainsSubstring("and should include score"));
    CHECK_THAT(complaint("flickr-aes", "test_workers.csv", "A3", "B3"),
               ContainsSubstring("line 2, column 'worker' is 'B3EXAMPLE' and should be a worker of"));
    CHECK_THAT(complaint("para", "annotation/PARA-Images.csv", "Bb2,4.0", ",4.0"),
               ContainsSubstring("line 4, column 'userId' is empty"));
    CHECK_THROWS_WITH(
        read_dataset("flickr-aes", layouts() / "para"),
        ContainsSubstring("FLICKR-AES_image_labeled_by_each_worker.csv: there is no such file"));
    CHECK_THROWS_WITH(read_dataset("lapis", layouts()), ContainsSubstring("should be one of aadb, ava, eva"));
}
