#include "network/device_queue.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace piaa {

/// One call of run().
struct DeviceQueue::Request {
    std::vector<std::vector<FeatureMap>> maps;
    std::size_t open = 0;  ///< photos without an answer
    std::exception_ptr problem;
};

DeviceQueue::DeviceQueue(std::unique_ptr<BatchDevice> device, const DeviceQueueOptions& options)
    : options_(options),
      device_(std::move(device)),
      limit_(std::min(options.first_batch, options.largest_batch)),
      ceiling_(options.largest_batch),
      thread_([this] { work(); }) {}

DeviceQueue::~DeviceQueue() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        arrived_.notify_all();
    }
    thread_.join();
}

std::vector<std::vector<FeatureMap>> DeviceQueue::run(std::span<const Image> photos) {
    Request request;
    request.maps.resize(photos.size());
    request.open = photos.size();
    std::unique_lock lock(mutex_);
    for (std::size_t i = 0; i < photos.size(); ++i) waiting_.push_back({&photos[i], &request, i});
    arrived_.notify_all();
    answered_.wait(lock, [&] { return request.open == 0; });
    if (request.problem) std::rethrow_exception(request.problem);
    return std::move(request.maps);
}

std::size_t DeviceQueue::batch_limit() const {
    const std::lock_guard lock(mutex_);
    return limit_;
}

void DeviceQueue::work() {
    // How often a device with room for another batch is asked whether it is done with the one it has.
    constexpr auto patience = std::chrono::microseconds(200);
    while (true) {
        {
            std::unique_lock lock(mutex_);
            if (begun_.empty())
                arrived_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
            else if (begun_.size() < options_.begun)
                while (waiting_.empty() && !begun_.front().batch->is_ready())
                    arrived_.wait_for(lock, patience);
            if (begun_.empty() && waiting_.empty()) return;
        }
        if (begun_.size() < options_.begun)
            if (auto items = next_items(); !items.empty()) {
                begin(std::move(items));
                continue;
            }
        finish_oldest();
    }
}

/// The photo that has waited longest, and others of its size.
std::vector<DeviceQueue::Item> DeviceQueue::next_items() {
    const std::lock_guard lock(mutex_);
    std::vector<Item> items;
    if (waiting_.empty()) return items;
    const Size size = waiting_.front().photo->size();
    std::erase_if(waiting_, [&](const Item& item) {
        if (items.size() == limit_ || item.photo->size() != size) return false;
        items.push_back(item);
        return true;
    });
    return items;
}

void DeviceQueue::begin(std::vector<Item> items) {
    std::vector<const Image*> photos;
    for (const Item& item : items) photos.push_back(item.photo);
    try {
        auto batch = device_->begin(photos);
        begun_.push_back({std::move(batch), std::move(items)});
    } catch (const OutOfDeviceMemory& reason) {
        // What is on the device may be what takes the memory.
        const bool alone = begun_.empty();
        while (!begun_.empty()) finish_oldest();
        if (items.size() == 1 && !alone)
            begin(std::move(items));
        else
            retry_smaller(std::move(items), reason);
    } catch (...) {
        fail(items, std::current_exception());
    }
}

void DeviceQueue::finish_oldest() {
    Begun oldest = std::move(begun_.front());
    begun_.pop_front();
    try {
        answer(oldest.items, oldest.batch->finish());
    } catch (const OutOfDeviceMemory& reason) {
        oldest.batch.reset();
        retry_smaller(std::move(oldest.items), reason);
    } catch (...) {
        fail(oldest.items, std::current_exception());
    }
}

void DeviceQueue::retry_smaller(std::vector<Item> items, const OutOfDeviceMemory& reason) {
    if (items.size() == 1) return fail(items, std::make_exception_ptr(reason));
    const std::lock_guard lock(mutex_);
    ceiling_ = std::min(ceiling_, items.size() / 2);
    limit_ = std::min(limit_, ceiling_);
    waiting_.insert(waiting_.begin(), items.begin(), items.end());
}

void DeviceQueue::answer(const std::vector<Item>& items, std::vector<std::vector<FeatureMap>> maps) {
    const std::lock_guard lock(mutex_);
    if (items.size() == limit_) limit_ = std::min(2 * limit_, ceiling_);
    for (std::size_t i = 0; i < items.size(); ++i) {
        items[i].request->maps[items[i].index] = std::move(maps[i]);
        --items[i].request->open;
    }
    answered_.notify_all();
}

void DeviceQueue::fail(const std::vector<Item>& items, const std::exception_ptr& problem) {
    const std::lock_guard lock(mutex_);
    for (const Item& item : items) {
        item.request->problem = problem;
        --item.request->open;
    }
    answered_.notify_all();
}

}  // namespace piaa
