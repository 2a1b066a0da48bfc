#include <cmath>
#include <string>

#include <piaa/error.h>
#include <piaa/research/ratings_table.h>

#include "support/catch.h"

using namespace piaa;

namespace {

RatingsTable table(const std::string& text, const RatingScale& scale = {}) {
    return {CsvTable(text, "ratings.csv"), scale};
}

std::string refusal(const std::string& text) {
    try {
        table(text);
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::bad_data);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("ratings are read from columns in any order, others ignored", "[ratings]") {
    const auto ratings = table("rating,when,image,rater\n5,now,b.jpg,ann\n1,,a.jpg,bob\n3,,b.jpg,bob\n");
    CHECK(ratings.raters() == std::vector<std::string>{"ann", "bob"});
    CHECK(ratings.images() == std::vector<std::string>{"b.jpg", "a.jpg"});
    REQUIRE(ratings.rows().size() == 3);
    CHECK(ratings.rows()[2].rater == 1);
    CHECK(ratings.rows()[2].image == 0);
    CHECK(ratings.image_means() == std::vector<double>{4, 1});
    CHECK(ratings.image_counts() == std::vector<std::size_t>{2, 1});
}

TEST_CASE("without a rater column the ratings are one person's", "[ratings]") {
    CHECK(table("image,rating\na.jpg,2\nb.jpg,3\n").raters().size() == 1);
}

TEST_CASE("a distribution keeps the mean of ratings between its steps", "[ratings]") {
    const auto distributions = table("image,rating\na.jpg,1\na.jpg,2.25\na.jpg,5\n").image_distributions(5);
    REQUIRE(distributions.size() == 1);
    CHECK(distributions[0].mean() == Approx(8.25 / 3));
    CHECK(distributions[0].probabilities()[1] == Approx(0.25));
}

TEST_CASE("a leave-one-out mean is what the others said", "[ratings]") {
    const auto means =
        table("rater,image,rating\nann,a,1\nbob,a,3\nann,a,2\ncy,a,5\nann,b,4\n").leave_one_out_means();
    CHECK(means[0] == Approx(4));
    CHECK(means[1] == Approx(8.0 / 3));
    CHECK(means[2] == Approx(4));
    CHECK(std::isnan(means[4]));
}

TEST_CASE("ratings of some photos keep nobody who rated none of them", "[ratings]") {
    const auto all = table("rater,image,rating\nann,a,1\nbob,b,3\nbob,c,2\n");
    const auto some = all.of_images([](const std::string& image) { return image != "a"; });
    CHECK(some.raters() == std::vector<std::string>{"bob"});
    CHECK(some.images() == std::vector<std::string>{"b", "c"});
    CHECK(some.image_means() == std::vector<double>{3, 2});
    CHECK_THROWS_AS(all.of_images([](const std::string&) { return false; }), Error);
}

TEST_CASE("a wrong ratings table is refused with file, line and column", "[ratings]") {
    CHECK(refusal("image,stars\na.jpg,2\n") ==
          "ratings.csv: the columns are image, stars and should include rating");
    CHECK(refusal("image,rating\na.jpg,2\nb.jpg,six\n") ==
          "ratings.csv: line 3, column 'rating' is 'six' and should be a number");
    CHECK(refusal("image,rating\na.jpg,7\n") ==
          "ratings.csv: line 2, column 'rating' is 7 and should lie between 1 and 5");
    CHECK(refusal("rater,image,rating\n,a.jpg,3\n") ==
          "ratings.csv: line 2, column 'rater' is empty and should hold a name");
    CHECK(refusal("image,rating\n") == "ratings.csv: the table has no ratings and should have at least one");
}

TEST_CASE("a scale is two rising numbers", "[ratings]") {
    CHECK(parse_rating_scale("1-7").high == 7);
    CHECK(parse_rating_scale("0.5-5").low == 0.5);
    for (const char* bad : {"", "5", "5-1", "1-1", "a-b", "1-5x", "1:5"})
        CHECK_THROWS_AS(parse_rating_scale(bad), Error);
}
