// Decoders that hang: the photo is named, the rest goes on, the program ends.
#include "limits/time_limit.h"

#include <algorithm>
#include <future>
#include <thread>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "limits/memory_gate.h"
#include "run/photo_pipeline.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::cli;
using namespace std::chrono_literals;

namespace {

/// Something that work waits for until the test lets it go on, and then until it has done so.
class Hang {
public:
    ~Hang() {
        gate_.set_value();
        while (abandoned_work_goes_on()) std::this_thread::sleep_for(1ms);
    }
    std::shared_future<void> end() const { return end_; }

private:
    std::promise<void> gate_;
    std::shared_future<void> end_ = gate_.get_future().share();
};

}  // namespace

TEST_CASE("work within its time answers, and what it throws comes back", "[time_limit]") {
    TimeLimit limit(1h);
    const auto first = limit.run("a.jpg", [] { return std::this_thread::get_id(); });
    CHECK(first != std::this_thread::get_id());
    CHECK_THROWS_WITH(
        limit.run("a.jpg", []() -> int { throw Error(ErrorCode::bad_image, "a.jpg: is damaged"); }),
        "a.jpg: is damaged");
    CHECK(limit.run("a.jpg", [] { return std::this_thread::get_id(); }) == first);
    CHECK_FALSE(abandoned_work_goes_on());
    CHECK(this_work() == nullptr);
}

TEST_CASE("work that hangs is given up and named, and the next work is done", "[time_limit]") {
    TimeLimit limit(20ms);
    {
        const Hang hang;
        CHECK_THROWS_WITH(limit.run("a.jpg",
                                    [end = hang.end()] {
                                        end.wait();
                                        return 0;
                                    }),
                          "a.jpg: takes longer than 1 s and is given up");
        CHECK(abandoned_work_goes_on());
        TimeLimit other(1h);
        CHECK(other.run("b.jpg", [] { return 5; }) == 5);
    }
    CHECK_FALSE(abandoned_work_goes_on());
}

TEST_CASE("time that work waits for other work does not count", "[time_limit]") {
    TimeLimit limit(20ms);
    std::promise<void> gate;
    std::thread opener;
    CHECK(limit.run("a.jpg", [&] {
        this_work()->waits = true;
        opener = std::thread([&] {
            std::this_thread::sleep_for(200ms);
            gate.set_value();
        });
        gate.get_future().wait();
        return 7;
    }) == 7);
    opener.join();
}

TEST_CASE("nobody waits for the memory of a decoder that was given up", "[time_limit]") {
    MemoryGate gate(100);
    const Hang hang;
    TimeLimit limit(20ms);
    CHECK_THROWS(limit.run("a.jpg", [&gate, end = hang.end()] {
        const MemoryGate::Pass pass(gate, 90);
        end.wait();
        return 0;
    }));
    const MemoryGate::Pass next(gate, 80);  // would wait for good
    CHECK(abandoned_work_goes_on());
}

TEST_CASE("photos whose decoders hang fail, all others are delivered in order", "[time_limit]") {
    const test::TemporaryFolder folder;
    std::vector<Photo> photos;
    for (int i = 0; i < 30; ++i)
        photos.push_back({test::write_photo(test::plain({24, 30}, {i, i, i}),
                                            folder / ("photo" + std::to_string(100 + i))),
                          true});
    const int jobs = GENERATE(1, 3);
    const Hang hang;
    std::size_t delivered = 0;
    const PipelineOptions options{
        .jobs = jobs,
        .time_limit = 3s,
        .decode = [&photos, end = hang.end()](const auto& bytes, const auto& file, const auto& smallest) {
            if (file == photos[1].file || file == photos[17].file) end.wait();
            return decode_image(bytes, file, smallest);
        }};
    run_photo_pipeline(test::tiny_model(), photos_of(photos), options, [&](PhotoResult&& result) {
        CAPTURE(result.index);
        CHECK(result.index == delivered++);
        const bool hangs = result.index == 1 || result.index == 17;
        REQUIRE(result.error.has_value() == hangs);
        if (hangs)
            CHECK(std::string(result.error->what()) ==
                  photos[result.index].file.string() + ": takes longer than 3 s and is given up");
    });
    CHECK(delivered == photos.size());
}

#ifdef PIAA_HANGING_DECODER
TEST_CASE("a run with a JPEG that hangs libjpeg scores the rest and ends", "[time_limit]") {
    const test::TemporaryFolder folder;
    const auto model = test::write_tiny_model(folder.path());
    boost::filesystem::create_directory(folder / "photos");
    for (int i = 0; i < 9; ++i)
        test::write_photo(test::plain({i == 4 ? 333 : 40, 40}, {9 * i, 0, 0}),
                          folder / "photos" / std::to_string(i), {.suffix = ".jpg"});
    test::ChildProcess program({PIAA_BATCH, "score", (folder / "photos").string(), "--model", model.string(),
                                "--output", (folder / "scores.csv").string(), "--time-limit", "3"},
                               {{"LD_PRELOAD", PIAA_HANGING_DECODER}});
    const auto ending = program.wait();
    CAPTURE(ending.errors);
    CHECK(ending.exit_code == 1);
    CHECK_THAT(ending.errors, ContainsSubstring("4.jpg: takes longer than 3 s and is given up\n"));
    CHECK_THAT(ending.errors, ContainsSubstring("8 photos, 1 failed"));
    const std::string rows = test::read_bytes(folder / "scores.csv");
    CHECK(std::count(rows.begin(), rows.end(), '\n') == 9);
    CHECK(rows.find("4.jpg") == std::string::npos);
}
#endif
