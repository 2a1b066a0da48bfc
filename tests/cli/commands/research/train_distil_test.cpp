#include "commands/research/train_distil.h"

#include <sstream>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/model.h>
#include <piaa/whole_file.h>

#include "console/exit_code.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// Greys and colours, and a model that teaches its own network.
struct Album {
    test::TemporaryFolder folder;
    TrainDistilOptions options;

    Album() {
        fs::create_directory(folder.path() / "photos");
        for (int i = 0; i < 20; ++i)
            test::write_photo(test::plain({90, 64}, {12 * i, 240 - 12 * i, 100}),
                              folder.path() / "photos" / std::to_string(i));
        options.paths = {(folder.path() / "photos").string()};
        options.teacher = test::tiny_model().info().file.string();
        options.student = test::tiny_model().info().file;
        options.input_size = 64;
        options.views = 50;
        options.device = "cpu";
        options.learning.batch = 8;
        options.output = folder.path() / "student.safetensors";
    }

    int run() {
        std::ostringstream err;
        const int code = run_train_distil(options, err);
        messages = err.str();
        return code;
    }

    std::string messages;
};

}  // namespace

TEST_CASE("train distil writes a network and tells the loss") {
    Album album;
    REQUIRE(album.run() == done);
    CHECK(fs::file_size(album.options.output) > 100);
    CHECK_THAT(album.messages, ContainsSubstring("step 16 of 16, loss "));
    const auto first = read_whole_file(album.options.output, 1 << 20);
    album.options.quiet = true;
    REQUIRE(album.run() == done);
    CHECK(album.messages.empty());
    CHECK(read_whole_file(album.options.output, 1 << 20) == first);
}

TEST_CASE("train distil names photos that it cannot read and learns from the others") {
    Album album;
    fs::ofstream(album.folder.path() / "photos" / "broken.jpg") << "no photo";
    album.options.quiet = true;
    CHECK(album.run() == some_files_failed);
    CHECK_THAT(album.messages, ContainsSubstring("broken.jpg"));
    CHECK(fs::exists(album.options.output));
}

TEST_CASE("train distil says what is missing") {
    Album album;
    album.options.paths = {(album.folder.path() / "nowhere").string()};
    CHECK(album.run() != done);
    CHECK_THAT(album.messages, ContainsSubstring("nowhere") && ContainsSubstring("0 views to learn from"));
    CHECK_FALSE(fs::exists(album.options.output));

    Album other;
    other.options.student = other.folder.path() / "none.safetensors";
    CHECK(other.run() == cannot_start);
    CHECK_THAT(other.messages, ContainsSubstring("none.safetensors"));
}

TEST_CASE("train distil refuses a prior of another model than the teacher") {
    if (list_models().empty()) return;
    Album album;
    album.options.prior = load_model("lite").info().file.parent_path() / "prior-lite.safetensors";
    CHECK(album.run() == cannot_start);
    CHECK_THAT(album.messages,
               ContainsSubstring("the prior belongs to model lite and should be that of the teacher"));
    CHECK_FALSE(fs::exists(album.options.output));
}
