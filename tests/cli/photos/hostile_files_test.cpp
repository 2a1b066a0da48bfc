// Broken and nasty files without a network: this program also runs under the sanitizers, leaks included.
#include <atomic>
#include <iterator>
#include <thread>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "photos/image_file.h"
#include "support/catch.h"
#include "support/hostile_corpus.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

Size at_most_100(Size photo) {
    return {std::min(photo.width, 100), std::min(photo.height, 100)};
}

std::size_t open_descriptors() {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), {}));
}

/// Why a file is refused, on one line; empty when it is read.
std::string refusal(const fs::path& file) {
    try {
        const auto photo = read_image(file, at_most_100);
        CHECK(photo.image.width() > 0);
        return "";
    } catch (const Error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("of more than 200 broken and nasty files each is named or read", "[hostile]") {
    const test::TemporaryFolder folder;
    const test::Corpus corpus = test::hostile_corpus(folder / "corpus");
    REQUIRE(corpus.names().size() > 200);
    refusal(corpus.path("good-plain.png"));  // what libraries open once
    const std::size_t descriptors = open_descriptors();
    std::size_t refused = 0;
    for (const std::string& name : corpus.names()) {
        const std::string sentence = refusal(corpus.path(name));
        CAPTURE(name, sentence);
        if (sentence.empty()) continue;
        ++refused;
        CHECK(sentence.find(name + ": ") != std::string::npos);
        CHECK(sentence.find('\n') == std::string::npos);
        CHECK(name.rfind("good-", 0) != 0);
    }
    CHECK(open_descriptors() == descriptors);
    CHECK(refused > corpus.names().size() / 2);
    CHECK(refused < corpus.names().size() - 14);
    CHECK_FALSE(fs::exists("/tmp/piaa-was-executed"));
}

TEST_CASE("files that cannot be whole are refused, whatever the format", "[hostile]") {
    const test::TemporaryFolder folder;
    const test::Corpus corpus = test::hostile_corpus(folder / "corpus");
    for (const std::string& name : corpus.names()) {
        const bool cut = name.rfind("cut1-", 0) == 0 || name.rfind("cut4-", 0) == 0 ||
                         name.rfind("head-only-", 0) == 0 || name.rfind("giant", 0) == 0;
        CAPTURE(name);
        if (cut) CHECK_FALSE(refusal(corpus.path(name)).empty());
    }
}

TEST_CASE("a file that changes while it is read is told or read", "[hostile]") {
    const test::TemporaryFolder folder;
    const fs::path file =
        test::write_photo(test::random_pixels({200, 150}), folder / "photo", {.suffix = ".jpg"});
    const std::string bytes = test::read_bytes(file);
    std::atomic<bool> ended = false;
    std::thread writer([&] {
        for (int i = 0; !ended; ++i) {
            boost::system::error_code ignored;
            if (i % 4 == 0) fs::remove(file, ignored);
            if (i % 4 == 1) test::write_bytes(file, bytes);
            if (i % 4 == 2) fs::resize_file(file, bytes.size() / 2, ignored);
            if (i % 4 == 3) test::write_bytes(file, bytes + bytes);
        }
    });
    for (int i = 0; i < 200; ++i) {
        const std::string sentence = refusal(file);
        CHECK((sentence.empty() || sentence.find(file.string() + ": ") == 0));
    }
    ended = true;
    writer.join();
}
