#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

#include <piaa/feature_map.h>
#include <piaa/image.h>

namespace piaa {

/// Thrown by a device for a batch that does not fit its memory.
struct OutOfDeviceMemory : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A device that runs a network on batches beside the caller, such as a GPU. Called by one thread only.
class BatchDevice {
public:
    /// A batch that was begun.
    class Batch {
    public:
        virtual ~Batch() = default;
        /// Whether finish() would return at once.
        virtual bool is_ready() const = 0;
        /// Waits, and gives the stage maps of each photo. Called once.
        virtual std::vector<std::vector<FeatureMap>> finish() = 0;
    };

    virtual ~BatchDevice() = default;
    /// Begins a batch of photos of one size and returns while the device works on it. The photos stay where
    /// they are until it is finished. Both this and finish() may throw OutOfDeviceMemory or anything else.
    virtual std::unique_ptr<Batch> begin(std::span<const Image* const> photos) = 0;
};

struct DeviceQueueOptions {
    std::size_t first_batch = 16;  ///< photos, before anything is known of the device
    std::size_t largest_batch = 256;
    std::size_t begun = 2;  ///< batches on the device at once, so that transfers and work overlap
};

/// Brings the photos of many threads to one device. One thread of its own talks to the device and takes
/// whatever has come together since it last looked, so the batch is as large as the device is slow: a fast
/// one never waits, a slow one gets large batches, up to a limit. The limit doubles whenever a batch reached
/// it, and when memory runs out it becomes half of what did not fit and stays there.
class DeviceQueue {
public:
    explicit DeviceQueue(std::unique_ptr<BatchDevice> device, const DeviceQueueOptions& options = {});
    /// Nobody may be waiting in run() any more.
    ~DeviceQueue();
    DeviceQueue(const DeviceQueue&) = delete;
    DeviceQueue& operator=(const DeviceQueue&) = delete;

    /// The stage maps of each photo; waits for them. Photos of one size share batches, those of other callers
    /// included. Throws what the device threw; OutOfDeviceMemory only when a single photo does not fit.
    std::vector<std::vector<FeatureMap>> run(std::span<const Image> photos);

    /// Photos that a batch may have now.
    std::size_t batch_limit() const;

private:
    struct Request;
    struct Item {
        const Image* photo;
        Request* request;
        std::size_t index;  ///< in the request
    };
    struct Begun {
        std::unique_ptr<BatchDevice::Batch> batch;
        std::vector<Item> items;
    };

    void work();
    std::vector<Item> next_items();
    void begin(std::vector<Item> items);
    void finish_oldest();
    void retry_smaller(std::vector<Item> items, const OutOfDeviceMemory& reason);
    void answer(const std::vector<Item>& items, std::vector<std::vector<FeatureMap>> maps);
    void fail(const std::vector<Item>& items, const std::exception_ptr& problem);

    const DeviceQueueOptions options_;
    std::unique_ptr<BatchDevice> device_;
    std::deque<Begun> begun_;  // of the device's thread alone

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable answered_;
    std::deque<Item> waiting_;
    std::size_t limit_;
    std::size_t ceiling_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace piaa
