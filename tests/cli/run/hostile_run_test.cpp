// Broken and nasty files on their way through a whole run.
#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "run/photo_pipeline.h"
#include "support/catch.h"
#include "support/hostile_corpus.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

TEST_CASE("a run over broken and nasty files scores all good ones, in order", "[hostile]") {
    const test::TemporaryFolder folder;
    const test::Corpus corpus = test::hostile_corpus(folder / "corpus");
    std::vector<Photo> photos;
    for (const std::string& name : corpus.names()) photos.push_back({corpus.path(name), true});
    std::size_t delivered = 0;
    run_photo_pipeline(test::tiny_model(), photos_of(photos), {.jobs = 3}, [&](PhotoResult&& result) {
        const std::string name = result.photo.file.filename().string();
        CAPTURE(name);
        CHECK(result.index == delivered++);
        CHECK(result.photo.file == photos[result.index].file);
        if (result.error)
            CHECK(std::string(result.error->what()).find(name) != std::string::npos);
        else
            CHECK(result.features.pooled.size() == 2);
        if (name.rfind("good-", 0) == 0) CHECK_FALSE(result.error.has_value());
    });
    CHECK(delivered == photos.size());
}

TEST_CASE("a file that vanishes, shrinks or grows while it waits is told or scored", "[hostile]") {
    const test::TemporaryFolder folder;
    std::vector<Photo> photos;
    for (int i = 0; i < 40; ++i)
        photos.push_back({test::write_photo(test::random_pixels({80, 60}),
                                            folder / ("photo" + std::to_string(100 + i)), {.suffix = ".jpg"}),
                          true});
    std::size_t delivered = 0;
    std::size_t failed = 0;
    const PhotoSource source = [&, next = std::size_t{0}]() mutable -> std::optional<Photo> {
        if (next == photos.size()) return std::nullopt;
        // Between being listed and being read.
        const fs::path& file = photos[next].file;
        if (next % 4 == 1) fs::remove(file);
        if (next % 4 == 2) fs::resize_file(file, 700);
        if (next % 4 == 3) test::write_bytes(file, test::read_bytes(file) + std::string(100, 'x'));
        return photos[next++];
    };
    run_photo_pipeline(test::tiny_model(), source, {.jobs = 2}, [&](PhotoResult&& result) {
        CHECK(result.index == delivered++);
        failed += result.error.has_value();
    });
    CHECK(delivered == photos.size());
    CHECK(failed == photos.size() / 2);
}
