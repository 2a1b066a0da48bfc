#include "run/photo_pipeline.h"

#include <atomic>
#include <csignal>
#include <sstream>

#include <piaa/score.h>

#include "run/photo_run.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

/// Greys that grow with the number; every fifth is damaged, and one is no image.
std::vector<Photo> mixed_photos(const test::TemporaryFolder& folder, int count) {
    std::vector<Photo> photos;
    for (int i = 0; i < count; ++i) {
        const auto stem = folder / ("photo" + std::to_string(100 + i));
        if (i % 5 == 4) {
            photos.push_back({stem.string() + ".jpg", true});
            test::write_bytes(photos.back().file, "no image");
        } else {
            const int grey = 255 * i / count;
            photos.push_back({test::write_photo(test::plain({24 + i, 30}, {grey, grey, grey}), stem), true});
        }
    }
    photos.push_back({folder / "photo999", false});
    test::write_bytes(photos.back().file, "notes");
    return photos;
}

}  // namespace

// The tiny model likes brightness: it rates black near 1 and white near 10.
TEST_CASE("every photo comes back once, in order, whatever the number of workers", "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    const auto photos = mixed_photos(folder, 23);
    const Model model = test::tiny_model();
    const int jobs = GENERATE(1, 2, 7), batch = GENERATE(0, 1, 5);
    CAPTURE(jobs, batch);

    std::vector<PhotoResult> results;
    const auto count =
        run_photo_pipeline(model, photos_of(photos), {.jobs = jobs, .batch = batch},
                           [&](PhotoResult&& result) { results.push_back(std::move(result)); });
    REQUIRE(count == photos.size());
    REQUIRE(results.size() == photos.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
        CHECK(results[i].index == i);
        CHECK(results[i].photo.file == photos[i].file);
        CHECK(results[i].skipped == (i == 23));
        CHECK(results[i].error.has_value() == (i % 5 == 4));
        if (results[i].skipped || results[i].error) continue;
        CHECK(results[i].features.photo == Size{24 + static_cast<int>(i), 30});
        CHECK(score(model, results[i].features).generic ==
              Approx(1 + 9 * (255 * i / 23) / 255.0).margin(.19));
    }
}

TEST_CASE("files that a photo took along before their turn are no errors", "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    std::vector<Photo> photos = {{test::write_photo(test::plain({24, 30}, {9, 9, 9}), folder / "a"), true}};
    for (int i = 10; i < 60; ++i) photos.push_back({folder / ("a_" + std::to_string(i) + ".png.xmp"), false});
    photos.push_back({folder / "b.png", true});
    std::size_t skipped = 0, failed = 0;
    run_photo_pipeline(test::tiny_model(), photos_of(photos), {}, [&](const PhotoResult& result) {
        skipped += result.skipped;
        failed += result.error.has_value();
    });
    CHECK(skipped == 50);
    CHECK(failed == 1);  // a photo that is gone is missed
}

TEST_CASE("a pipeline that is told to stop delivers what it took, and no more", "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    const auto photos = mixed_photos(folder, 60);
    std::atomic<std::size_t> delivered = 0;
    const auto count = run_photo_pipeline(test::tiny_model(), photos_of(photos),
                                          {.jobs = 2, .stop = [&] { return delivered >= 3; }},
                                          [&](PhotoResult&& result) { CHECK(result.index == delivered++); });
    CHECK(count == delivered);
    CHECK(count >= 3);
    CHECK(count < photos.size());
}

TEST_CASE("memory is bounded: workers wait for a slow receiver", "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    const auto photos = mixed_photos(folder, 60);
    std::atomic<std::size_t> taken = 0;
    std::size_t delivered = 0;
    const auto all = photos_of(photos);
    const auto counting = [&] {
        ++taken;
        return all();
    };
    run_photo_pipeline(test::tiny_model(), counting, {.jobs = 2, .batch = 4}, [&](PhotoResult&&) {
        CHECK(taken <= delivered + 4 * (2 + 3));
        ++delivered;
    });
}

TEST_CASE("what the receiver throws ends the run and comes back", "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    const auto photos = mixed_photos(folder, 20);
    CHECK_THROWS_WITH(run_photo_pipeline(test::tiny_model(), photos_of(photos), {.jobs = 2},
                                         [](PhotoResult&&) { throw Error(ErrorCode::io, "disk full"); }),
                      "disk full");
}

TEST_CASE("a pipeline without photos delivers nothing", "[photo_pipeline]") {
    const std::vector<Photo> none;
    CHECK(run_photo_pipeline(test::tiny_model(), photos_of(none), {}, [](PhotoResult&&) { FAIL(); }) == 0);
}

TEST_CASE("a run is interrupted where photos are left, and not by a signal during the last one",
          "[photo_pipeline]") {
    const test::TemporaryFolder folder;
    const int signal = GENERATE(SIGINT, SIGTERM), count = 60;
    for (int i = 0; i < count; ++i)
        test::write_photo(test::plain({24, 30}, {9, 9, 9}), folder / std::to_string(100 + i));
    PhotoRunOptions options;
    options.paths = {folder.path().string()};
    options.cache.use = false;
    options.jobs = 1;
    int seen = 0;
    const int last = GENERATE_COPY(1, count);
    PhotoHandlers handlers;
    handlers.done = [&](PhotoResult&&) {
        if (++seen == last) std::raise(signal);
    };
    std::ostringstream err;
    const PhotoRunSummary summary = run_photos(test::tiny_model(), options, err, handlers);
    CHECK(summary.interrupted == (last < count));
    CHECK(summary.exit_code() == (last < count ? some_files_failed : done));
    CHECK((err.str().find("interrupted before the end") != std::string::npos) == (last < count));
    CHECK(summary.is_interrupted());  // what is decided after the run may still be left
}
