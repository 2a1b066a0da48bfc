#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <piaa/error.h>
#include <piaa/lesson.h>

#include "support/catch.h"
#include "support/dark_taste.h"
#include "support/temporary_folder.h"

using namespace piaa;
using piaa::test::id_of;

namespace {

/// Photos from dark to light under the tiny model.
struct Album {
    test::TemporaryFolder folder;
    test::DarkTaste taste = test::write_dark_taste(folder.path());
    Prior prior = load_prior(taste.prior);

    std::vector<LessonPhoto> photos(int count) const {
        const Model model = test::tiny_model();
        std::vector<LessonPhoto> photos;
        for (int i = 0; i < count; ++i) {
            const Image image = test::photo_of(35 + 6 * i);
            photos.push_back(
                {"", id_of(i),
                 feature_row(model, prior, extract_features(model, std::span(&image, 1)).front())});
        }
        return photos;
    }
    Lesson lesson(int count) const {
        return Lesson(PersonalModel(test::tiny_model(), load_profile(taste.profile), taste.profile,
                                    std::make_shared<const Prior>(prior)),
                      taste.profile, prior, photos(count));
    }
};

}  // namespace

TEST_CASE("a lesson counts how many answers turn out as expected", "[lesson]") {
    const Album album;
    Lesson lesson = album.lesson(20);
    CHECK(lesson.progress().compared == 0);
    auto pair = lesson.question(QuestionKind::pair);
    REQUIRE(pair.size() == 2);
    std::sort(pair.begin(), pair.end());  // the person likes the dark, which comes first
    lesson.answer(QuestionKind::pair, pair);
    CHECK(lesson.progress().compared == 1);
    CHECK(lesson.progress().foreseen == 1);
    auto order = lesson.question(QuestionKind::order);
    std::sort(order.begin(), order.end(), std::greater());  // and against what is expected
    lesson.answer(QuestionKind::order, order);
    CHECK(lesson.progress().compared == 11);
    CHECK(lesson.progress().foreseen == 1);
    CHECK(lesson.undo());
    CHECK(lesson.progress().compared == 1);
}

TEST_CASE("a lesson with fewer than five photos has pairs and no orders", "[lesson]") {
    const Album album;
    CHECK_THROWS_AS(album.lesson(1), Error);
    const Lesson lesson = album.lesson(4);
    CHECK(lesson.question(QuestionKind::pair).size() == 2);
    CHECK(lesson.question(QuestionKind::order).empty());
}
