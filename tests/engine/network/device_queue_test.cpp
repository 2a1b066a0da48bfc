#include "network/device_queue.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

/// What a fake device did and is told to do. Shared with the test, because the queue owns the device.
struct Log {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::size_t> begun;  ///< sizes of the batches it was given
    std::size_t allowed = 0;         ///< batches that may be finished; the device is as slow as the test
    std::size_t on_device = 0;       ///< begun and not finished
    std::size_t most_on_device = 0;
    std::size_t memory = 1000;  ///< photos that fit at once, in all batches together
    bool fails_late = false;    ///< runs out of memory in finish() rather than in begin()
    std::atomic<bool> broken = false;

    void allow(std::size_t batches) {
        const std::lock_guard lock(mutex);
        allowed += batches;
        changed.notify_all();
    }
    void wait_for_begun(std::size_t batches) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return begun.size() >= batches; });
    }
};

constexpr std::size_t without_end = 1'000'000;

/// Gives each photo one map of one value: its red.
class FakeDevice : public BatchDevice {
public:
    explicit FakeDevice(std::shared_ptr<Log> log) : log_(std::move(log)) {}

    std::unique_ptr<Batch> begin(std::span<const Image* const> photos) override {
        if (log_->broken) throw Error(ErrorCode::device, "the fan stopped");
        for (const Image* photo : photos)
            if (photo->size() != photos.front()->size()) throw std::logic_error("sizes differ in a batch");
        const std::lock_guard lock(log_->mutex);
        if (!log_->fails_late && log_->on_device + photos.size() > log_->memory)
            throw OutOfDeviceMemory("fake:0: out of memory");
        log_->begun.push_back(photos.size());
        log_->on_device += photos.size();
        log_->most_on_device = std::max(log_->most_on_device, log_->on_device);
        log_->changed.notify_all();
        return std::make_unique<FakeBatch>(log_, photos);
    }

private:
    class FakeBatch : public Batch {
    public:
        FakeBatch(std::shared_ptr<Log> log, std::span<const Image* const> photos)
            : log_(std::move(log)), photos_(photos.begin(), photos.end()) {}
        ~FakeBatch() override {
            const std::lock_guard lock(log_->mutex);
            log_->on_device -= photos_.size();
        }
        bool is_ready() const override {
            const std::lock_guard lock(log_->mutex);
            return log_->allowed > 0;
        }
        std::vector<std::vector<FeatureMap>> finish() override {
            std::unique_lock lock(log_->mutex);
            log_->changed.wait(lock, [&] { return log_->allowed > 0; });
            --log_->allowed;
            if (log_->fails_late && photos_.size() > log_->memory)
                throw OutOfDeviceMemory("fake:0: out of memory");
            std::vector<std::vector<FeatureMap>> results;
            for (const Image* photo : photos_)
                results.push_back({{1, 1, 1, {static_cast<float>(photo->pixels()[0])}}});
            return results;
        }

    private:
        std::shared_ptr<Log> log_;
        std::vector<const Image*> photos_;
    };

    std::shared_ptr<Log> log_;
};

std::vector<Image> photos(int first, int count, Size size = {2, 1}) {
    std::vector<Image> result;
    for (int i = first; i < first + count; ++i) result.push_back(test::plain(size, {i, 0, 0}));
    return result;
}

void check_answers(const std::vector<std::vector<FeatureMap>>& maps, int first, int count) {
    REQUIRE(maps.size() == static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) CHECK(maps[i].at(0).values.at(0) == static_cast<float>(first + i));
}

/// Workers that each bring `count` photos, and keep what they got.
class Workers {
public:
    void bring(DeviceQueue& queue, int first, int count) {
        threads_.emplace_back([&queue, first, count] {
            const auto maps = queue.run(photos(first, count));
            for (int i = 0; i < count; ++i)
                if (maps.at(i).at(0).values.at(0) != static_cast<float>(first + i))
                    throw std::logic_error("wrong answer");  // ends the test program
        });
    }

private:
    std::vector<std::jthread> threads_;
};

}  // namespace

TEST_CASE("photos of all sizes come back in the order of the caller", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->allow(without_end);
    DeviceQueue queue(std::make_unique<FakeDevice>(log));
    std::vector<Image> mixed;
    for (int i = 0; i < 60; ++i) mixed.push_back(test::plain({1 + i % 3, 1 + i % 2}, {i, 0, 0}));
    check_answers(queue.run(mixed), 0, 60);
    CHECK(queue.run({}).empty());
}

TEST_CASE("what comes together while the device is busy goes there as one batch", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    DeviceQueue queue(std::make_unique<FakeDevice>(log), {.first_batch = 64, .begun = 1});
    Workers workers;
    workers.bring(queue, 0, 1);
    log->wait_for_begun(1);
    for (int i = 1; i <= 5; ++i) workers.bring(queue, 10 * i, 4);
    while (true) {  // until all five wait
        const std::lock_guard lock(log->mutex);
        if (log->begun.size() == 1) break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // only makes the test sharper
    log->allow(without_end);
    log->wait_for_begun(2);
    const std::lock_guard lock(log->mutex);
    CHECK(log->begun[0] == 1);
    CHECK(log->begun[1] >= 4);
}

TEST_CASE("the next batch is begun while the device works on one, and no third", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    DeviceQueue queue(std::make_unique<FakeDevice>(log), {.first_batch = 4, .largest_batch = 4});
    Workers workers;
    workers.bring(queue, 0, 40);
    log->wait_for_begun(2);
    {
        const std::lock_guard lock(log->mutex);
        CHECK(log->begun == std::vector<std::size_t>{4, 4});
    }
    log->allow(1);
    log->wait_for_begun(3);
    log->allow(without_end);
    log->wait_for_begun(10);
    const std::lock_guard lock(log->mutex);
    CHECK(log->most_on_device == 8);
}

TEST_CASE("batches grow as long as they fill up, to the limit", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->allow(without_end);
    DeviceQueue queue(std::make_unique<FakeDevice>(log), {.first_batch = 4, .largest_batch = 32, .begun = 1});
    check_answers(queue.run(photos(0, 200)), 0, 200);
    CHECK(queue.batch_limit() == 32);
    const std::lock_guard lock(log->mutex);
    CHECK(std::vector<std::size_t>(log->begun.begin(), log->begun.begin() + 5) ==
          std::vector<std::size_t>{4, 8, 16, 32, 32});
}

TEST_CASE("a batch that does not fit is halved, no photo is lost, and it does not grow again",
          "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->fails_late = GENERATE(false, true);
    log->memory = GENERATE(1, 3, 10, 11);
    log->allow(without_end);
    DeviceQueue queue(std::make_unique<FakeDevice>(log), {.first_batch = 16});
    check_answers(queue.run(photos(0, 150)), 0, 150);
    CHECK(queue.batch_limit() <= log->memory);
    check_answers(queue.run(photos(50, 100)), 50, 100);
    CHECK(queue.batch_limit() <= log->memory);
    CHECK(2 * queue.batch_limit() + 1 >= std::min<std::size_t>(log->memory, 5));
}

TEST_CASE("a single photo that does not fit is an error, and the next one goes on", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->allow(without_end);
    log->memory = 0;
    DeviceQueue queue(std::make_unique<FakeDevice>(log));
    CHECK_THROWS_AS(queue.run(photos(0, 5)), OutOfDeviceMemory);
    {
        const std::lock_guard lock(log->mutex);
        log->memory = 100;
    }
    check_answers(queue.run(photos(0, 5)), 0, 5);
}

TEST_CASE("what the device throws reaches those whose photos it was, and the queue goes on",
          "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->allow(without_end);
    log->broken = true;
    DeviceQueue queue(std::make_unique<FakeDevice>(log));
    CHECK_THROWS_WITH(queue.run(photos(0, 5)), "the fan stopped");
    log->broken = false;
    check_answers(queue.run(photos(0, 5)), 0, 5);
}

TEST_CASE("many threads share one device", "[device_queue]") {
    const auto log = std::make_shared<Log>();
    log->allow(without_end);
    log->memory = 40;
    DeviceQueue queue(std::make_unique<FakeDevice>(log), {.first_batch = 64});
    Workers workers;
    for (int i = 0; i < 20; ++i) workers.bring(queue, 10 * i, 1 + i % 7);
}
