// Photos that arrive in a folder while it is watched, by real writers.
#include "photos/folder_watch.h"

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using namespace std::chrono_literals;
namespace fs = boost::filesystem;

namespace {

/// Long against the gaps in which a writer of these tests is at work, on a busy machine too.
constexpr auto quiet = 700ms;

/// A folder, and what arrives in it.
class HotFolder {
public:
    HotFolder() {
        REQUIRE(::pipe(wake_) == 0);
        fs::create_directory(path());
    }
    ~HotFolder() {
        ::close(wake_[0]);
        ::close(wake_[1]);
    }
    HotFolder(const HotFolder&) = delete;
    HotFolder& operator=(const HotFolder&) = delete;

    fs::path path() const { return folder_ / "in"; }
    fs::path outside() const { return folder_.path(); }
    fs::path operator/(const std::string& name) const { return path() / name; }

    void watch() { watch_ = std::make_unique<FolderWatch>(path(), quiet, wake_[0]); }
    FolderWatch& watched() { return *watch_; }

    /// The name of the next photo.
    std::string next() {
        const auto photo = watch_->next();
        return photo ? photo->file.lexically_relative(path()).string() : "";
    }
    /// Whether nothing else arrives for some time.
    bool nothing_more() {
        auto later = std::async(std::launch::async, [this] {
            std::this_thread::sleep_for(2 * quiet);
            CHECK(::write(wake_[1], "", 1) == 1);
        });
        const bool nothing = next().empty();
        later.wait();
        char byte = 0;
        CHECK(::read(wake_[0], &byte, 1) == 1);
        return nothing;
    }

private:
    test::TemporaryFolder folder_;
    int wake_[2];
    std::unique_ptr<FolderWatch> watch_;
};

/// A program that keeps a file open and writes it in parts.
class Writer {
public:
    explicit Writer(const fs::path& file)
        : file_(::open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644)) {
        REQUIRE(file_ >= 0);
    }
    ~Writer() { close(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    void write(const std::string& text) {
        REQUIRE(::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    void close() {
        if (file_ >= 0) ::close(file_);
        file_ = -1;
    }

private:
    int file_;
};

}  // namespace

TEST_CASE("a photo that is copied into a watched folder arrives once, one that was there does not",
          "[watch]") {
    HotFolder hot;
    test::write_bytes(hot / "old.jpg", "old");
    hot.watch();
    test::write_bytes(hot / "a.jpg", "a");
    test::write_bytes(hot / "notes.txt", "no photo");
    CHECK(hot.next() == "a.jpg");
    CHECK(hot.nothing_more());
    test::write_bytes(hot / "old.jpg", "changed");
    CHECK(hot.next() == "old.jpg");
}

TEST_CASE("a slow writer's photo arrives when it is closed, not in a pause", "[watch]") {
    HotFolder hot;
    hot.watch();
    Writer slow(hot / "slow.jpg");
    slow.write("first half");
    CHECK(hot.nothing_more());
    slow.write("second half");
    slow.close();
    CHECK(hot.next() == "slow.jpg");
    CHECK(fs::file_size(hot / "slow.jpg") == 21);
    CHECK(hot.nothing_more());
}

TEST_CASE("a photo that is opened again at once waits for its last writer", "[watch]") {
    HotFolder hot;
    hot.watch();
    test::write_bytes(hot / "a.jpg", "header");
    Writer again(hot / "a.jpg");
    again.write("whole photo");
    CHECK(hot.nothing_more());
    again.close();
    CHECK(hot.next() == "a.jpg");
    CHECK(hot.nothing_more());
}

TEST_CASE("a transfer under a name of its own arrives under the photo's name", "[watch]") {
    HotFolder hot;
    hot.watch();
    const std::string name = GENERATE("a.jpg.part", ".a.jpg.X7f2", "a.jpg.crdownload");
    CAPTURE(name);
    test::write_bytes(hot / name, "photo");
    CHECK(hot.nothing_more());
    fs::rename(hot / name, hot / "a.jpg");
    CHECK(hot.next() == "a.jpg");
    CHECK(hot.nothing_more());
}

TEST_CASE("a photo that is renamed in its quiet time arrives under its last name", "[watch]") {
    HotFolder hot;
    hot.watch();
    test::write_bytes(hot / "tmp.jpg", "photo");
    fs::rename(hot / "tmp.jpg", hot / "a.jpg");
    CHECK(hot.next() == "a.jpg");
    CHECK(hot.nothing_more());
}

TEST_CASE("a photo that is gone again does not arrive, nor one that is moved away", "[watch]") {
    HotFolder hot;
    hot.watch();
    test::write_bytes(hot / "a.jpg", "a");
    fs::remove(hot / "a.jpg");
    test::write_bytes(hot / "b.jpg", "b");
    fs::rename(hot / "b.jpg", hot.outside() / "b.jpg");
    CHECK(hot.nothing_more());
    fs::rename(hot.outside() / "b.jpg", hot / "b.jpg");
    CHECK(hot.next() == "b.jpg");
}

TEST_CASE("folders that come are watched with all below them, until they go", "[watch]") {
    HotFolder hot;
    hot.watch();
    fs::create_directories(hot / "day/one");
    test::write_bytes(hot / "day/one/a.jpg", "a");
    CHECK(hot.next() == "day/one/a.jpg");
    fs::create_directories(hot.outside() / "trip");
    test::write_bytes(hot.outside() / "trip/b.jpg", "b");
    fs::rename(hot.outside() / "trip", hot / "trip");
    CHECK(hot.next() == "trip/b.jpg");
    for (const char* passed_over : {"day/.dtrash", ".Trash-1000"}) {
        fs::create_directories(hot / passed_over);
        test::write_bytes(hot / passed_over / "deleted.jpg", "x");
    }
    CHECK(hot.nothing_more());
    fs::rename(hot / "trip", hot.outside() / "trip");
    test::write_bytes(hot.outside() / "trip/c.jpg", "c");
    CHECK(hot.nothing_more());
}

TEST_CASE("when changes were lost the folder is read anew", "[watch]") {
    HotFolder hot;
    test::write_bytes(hot / "old.jpg", "old");
    hot.watch();
    test::write_bytes(hot / "a.jpg", "a");
    CHECK(hot.next() == "a.jpg");
    hot.watched().read_anew();
    CHECK(hot.nothing_more());
}

TEST_CASE("more photos than the kernel counts arrive, each once", "[watch]") {
    std::size_t most = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    if (most == 0 || most > 40'000) {
        WARN("[skipped] the kernel says not, or far too late, when it loses count");
        return;
    }
    HotFolder hot;
    hot.watch();
    // Nobody listens meanwhile, and each photo is three events or more.
    const std::size_t count = most / 2;
    for (std::size_t i = 0; i < count; ++i) test::write_bytes(hot / (std::to_string(i) + ".jpg"), "photo");
    std::set<std::string> arrived;
    for (std::size_t i = 0; i < count; ++i) arrived.insert(hot.next());
    CHECK(arrived.size() == count);
    CHECK(hot.nothing_more());
}

TEST_CASE("of RAW and JPEG of one name the JPEG arrives", "[watch]") {
    HotFolder hot;
    hot.watch();
    test::write_bytes(hot / "a.dng", "raw");
    Writer jpeg(hot / "a.jpg");
    jpeg.write("jpeg");
    CHECK(hot.nothing_more());
    jpeg.close();
    const auto photo = hot.watched().next();
    REQUIRE(photo);
    CHECK(photo->file == hot / "a.jpg");
    CHECK(photo->pair == hot / "a.dng");
    CHECK(hot.nothing_more());
}

TEST_CASE("links arrive as they come", "[watch]") {
    HotFolder hot;
    hot.watch();
    test::write_bytes(hot.outside() / "a.jpg", "a");
    fs::create_hard_link(hot.outside() / "a.jpg", hot / "hard.jpg");
    CHECK(hot.next() == "hard.jpg");
    fs::create_symlink(hot.outside() / "a.jpg", hot / "soft.jpg");
    CHECK(hot.next() == "soft.jpg");
}

TEST_CASE("a folder that cannot be watched, or goes, is named", "[watch]") {
    HotFolder hot;
    CHECK_THROWS_WITH(FolderWatch(hot / "none", quiet), ContainsSubstring("none: cannot be watched"));
    hot.watch();
    fs::rename(hot.path(), hot.outside() / "elsewhere");
    CHECK_THROWS_WITH(hot.watched().next(), ContainsSubstring("in: was moved, removed"));
}
