// Two runs that change the same photos' sidecars at the same time.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <iterator>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <boost/filesystem.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <piaa/descriptor.h>
#include <piaa/whole_file.h>

#include "changes/photo_transfer.h"
#include "changes/undo_log.h"
#include "changes/xmp_scores.h"
#include "crops/crop_xmp.h"
#include "metadata/photo_lock.h"
#include "metadata/xmp_sidecar.h"
#include "support/catch.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

constexpr int rounds = 60;
constexpr int many_rounds = 300;

/// Another process; its exit code is how many rounds failed.
class Process {
public:
    Process(int rounds, const std::function<bool(int)>& round) : pid_(::fork()) {
        if (pid_ != 0) return;
        int failed = 0;
        for (int i = 0; i < rounds; ++i) try {
                failed += !round(i);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
                ++failed;
            }
        ::_exit(std::min(failed, 100));
    }
    int wait() const {
        int status = -1;
        ::waitpid(pid_, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_;
};

std::string regions_of(const fs::path& sidecar) {
    const XmpSidecar said(sidecar);
    std::string name;
    for (const std::string prefix : {"iptcExt", "Iptc4xmpExt"})  // of exiv2 0.28 and 0.27
        name += said.text("Xmp.iptcExt.ImageRegion[1]/" + prefix + ":rId").value_or("");
    return name;
}

}  // namespace

TEST_CASE("of two runs that write into the same sidecars neither loses what the other wrote",
          "[parallel-runs]") {
    const test::TemporaryFolder folder;
    std::vector<fs::path> photos;
    for (const char* name : {"a", "b"})
        photos.push_back(
            test::write_photo(test::plain({40, 20}, {9, 90, 20}), folder / name, {.suffix = ".jpg"}));
    std::ostringstream err;
    // Each looks, before its next change, whether the other left its last one.
    const Process scoring(rounds, [&](int round) {
        bool kept = true;
        UndoLog log(folder / ("scores" + std::to_string(round)), "score");
        XmpScores scores({.write = true}, log, err);
        for (const auto& photo : photos) {
            const auto last = XmpSidecar(new_sidecar(photo)).text("Xmp.piaa.Score");
            kept = kept && (round == 0 || last == std::to_string(round - 1) + ".00");
            scores.take(nlohmann::ordered_json{{"path", photo.string()},
                                               {"score", double(round)},
                                               {"stars", 3},
                                               {"flags", nlohmann::ordered_json::array()}});
        }
        return kept;
    });
    const Process cropping(rounds, [&](int round) {
        bool kept = true;
        for (const auto& photo : photos) {
            kept = kept && (round == 0 || regions_of(new_sidecar(photo)) ==
                                              "piaa-crop-" + std::to_string(round - 1) + "-1");
            CropResult result;
            result.crops.emplace_back();
            result.crops.back().box = {round % 20, 0, 20, 20};
            write_crop_xmp(photo, {40, 20}, {{std::to_string(round), result}}, {});
        }
        return kept;
    });
    CHECK(scoring.wait() == 0);
    CHECK(cropping.wait() == 0);
    for (const auto& photo : photos) {
        const fs::path sidecar = new_sidecar(photo);
        CHECK(XmpSidecar(sidecar).text("Xmp.piaa.Score") == std::to_string(rounds - 1) + ".00");
        CHECK(regions_of(sidecar) == "piaa-crop-" + std::to_string(rounds - 1) + "-1");
    }
    for (const auto& entry : fs::directory_iterator(folder.path()))
        CHECK(entry.path().filename().string().front() != '.');
}

TEST_CASE("of two runs that write the same whole files neither takes away what the other is writing",
          "[parallel-runs]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.jpg.xmp";
    const auto write = [&](int round) {
        // The same bytes, so both begin with the same name beside the file.
        const std::string bytes(4096, static_cast<char>('a' + round % 26));
        write_whole_file(file, std::as_bytes(std::span(bytes)));
        return test::read_bytes(file).size() == bytes.size();
    };
    const Process one(many_rounds, write), other(many_rounds, write);
    CHECK(one.wait() == 0);
    CHECK(other.wait() == 0);
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a photo and its RAW file have one lock, which leaves nothing behind", "[parallel-runs]") {
    const test::TemporaryFolder folder;
    const fs::path jpeg =
        test::write_photo(test::plain({40, 20}, {9, 90, 20}), folder / "a", {.suffix = ".jpg"});
    test::write_bytes(folder / "a.dng", "sensor");
    const auto is_free = [&](const fs::path& file) {
        const Descriptor open(::open(file.c_str(), O_RDONLY));
        return ::flock(open, LOCK_EX | LOCK_NB) == 0;
    };
    {
        const PhotoLock lock(folder / "a.dng");
        CHECK(is_free(jpeg) + is_free(folder / "a.dng") == 1);
    }
    CHECK(is_free(jpeg));
    CHECK_NOTHROW(PhotoLock(folder / "gone.jpg"));
    CHECK_FALSE(fs::exists(folder / "gone.jpg"));
}

TEST_CASE("a photo is moved, and moved back, with what another run is writing beside it", "[parallel-runs]") {
    const test::TemporaryFolder folder;
    const fs::path photo =
        test::write_photo(test::plain({40, 20}, {9, 90, 20}), folder / "a", {.suffix = ".jpg"});
    const fs::path moved = folder / "best/a.jpg", log = folder / "undo";
    // Another process that has the photo's lock, then writes a sidecar where the photo was.
    const auto while_it_is_marked = [&](const fs::path& file, const std::string& sidecar, const auto& work) {
        const fs::path begun = folder / "begun";
        const Process marking(1, [&](int) {
            const PhotoLock lock(file);
            test::write_bytes(begun, "");
            bool stayed = true;
            for (int i = 0; i < 200; ++i) {
                ::usleep(1000);
                stayed = stayed && fs::exists(file);
            }
            test::write_bytes(file.parent_path() / sidecar, "marks");
            return stayed;
        });
        while (!fs::exists(begun)) ::usleep(1000);
        work();
        CHECK(marking.wait() == 0);
        fs::remove(begun);
    };
    while_it_is_marked(photo, "a.jpg.xmp", [&] {
        std::ostringstream err;
        UndoLog changes(log, "score");
        PhotoTransfer(TransferKind::move, folder / "best", false, changes, err)
            .take({{"path", photo.string()}});
    });
    CHECK(fs::exists(moved));
    CHECK(fs::exists(moved.string() + ".xmp"));
    CHECK_FALSE(fs::exists(photo.string() + ".xmp"));

    while_it_is_marked(moved, "a.xmp", [&] {
        std::ostringstream err;
        CHECK(undo(log, false, err).refused == 0);
    });
    for (const char* name : {"a.jpg", "a.jpg.xmp", "a.xmp"}) CHECK(fs::exists(folder / name));
    CHECK_FALSE(fs::exists(folder / "best"));
}
