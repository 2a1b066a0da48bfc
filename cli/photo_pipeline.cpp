#include "photo_pipeline.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "image_file.h"

namespace piaa::cli {
namespace {

/// The size of the photo within so many pixels a side, no larger than it is.
Size fitted(Size photo, int side) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(photo.width, photo.height));
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

class Pipeline {
public:
    Pipeline(const Model& model, const PhotoSource& source, const PipelineOptions& options)
        : model_(model),
          source_(source),
          options_(options),
          one_device_(model.device() != "cpu"),
          batch_(options.batch > 0 ? options.batch
                 : one_device_     ? 32
                                   : 4),
          jobs_(options.jobs > 0 ? options.jobs
                                 : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))),
          most_ahead_(static_cast<std::size_t>(batch_) * (jobs_ + 2)) {}

    std::size_t run(const std::function<void(PhotoResult&&)>& deliver) {
        std::vector<std::jthread> workers;
        workers_left_ = jobs_;
        for (int i = 0; i < jobs_; ++i) workers.emplace_back([this] { work(); });
        try {
            while (auto result = next_result()) deliver(std::move(*result));
        } catch (...) {
            const std::lock_guard lock(mutex_);
            ended_ = true;
            changed_.notify_all();
            throw;  // the workers finish what they hold and are joined
        }
        if (problem_) std::rethrow_exception(problem_);
        return delivered_;
    }

private:
    /// What one worker does until there is nothing left.
    void work() {
        try {
            for (auto batch = take(); !batch.empty(); batch = take()) {
                analyse(batch);
                const std::lock_guard lock(mutex_);
                for (auto& result : batch) done_.emplace(result.index, std::move(result));
                changed_.notify_all();
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            problem_ = std::current_exception();
            ended_ = true;
        }
        const std::lock_guard lock(mutex_);
        --workers_left_;
        changed_.notify_all();
    }

    /// The next photos of the source; none at the end. Whole batches are taken under one lock, so that which
    /// photos share a batch does not depend on the number of workers.
    std::vector<PhotoResult> take() {
        const std::lock_guard taking(source_mutex_);
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return ended_ || taken_ < delivered_ + most_ahead_; });
        }
        std::vector<PhotoResult> batch;
        while (static_cast<int>(batch.size()) < batch_ && !ended()) {
            auto photo = options_.stop && options_.stop() ? std::nullopt : source_();
            if (!photo) {
                end();
                break;
            }
            PhotoResult& result = batch.emplace_back();
            result.index = taken_++;
            result.photo = std::move(*photo);
        }
        return batch;
    }

    void analyse(std::vector<PhotoResult>& batch) {
        std::vector<Image> images;
        std::vector<PhotoResult*> decoded;
        for (auto& result : batch) try {
                if (!result.photo.expected && !image_format(result.photo.file)) {
                    result.left_out = true;
                    continue;
                }
                auto photo = read_image(result.photo.file, [&](Size size) { return smallest(size); });
                result.features.photo = photo.photo;
                if (options_.picture_side > 0) result.picture = picture_of(photo.image);
                images.push_back(options_.transform ? options_.transform(photo.image)
                                                    : std::move(photo.image));
                decoded.push_back(&result);
            } catch (const Error& error) {
                result.error = error;
            }
        if (images.empty()) return;
        std::unique_lock<std::mutex> device;
        if (one_device_) device = std::unique_lock(device_mutex_);
        extract(images, decoded);
    }

    /// Large enough for the network and for the picture to keep.
    Size smallest(Size photo) const {
        const Size needed = decode_size(model_, photo);
        const Size kept = fitted(photo, options_.picture_side);
        return {std::max(needed.width, kept.width), std::max(needed.height, kept.height)};
    }

    Image picture_of(const Image& photo) const {
        return resized(photo, fitted(photo.size(), options_.picture_side));
    }

    /// Features of all, or of each half where all together fail: too much for the device, or one bad photo.
    void extract(std::span<const Image> images, std::span<PhotoResult*> results) {
        try {
            auto features = extract_features(model_, images, {.keep_maps = options_.keep_maps});
            for (std::size_t i = 0; i < results.size(); ++i) {
                features[i].photo = results[i]->features.photo;
                results[i]->features = std::move(features[i]);
            }
        } catch (const Error& error) {
            if (images.size() == 1) {
                results.front()->error =
                    Error(error.code(), results.front()->photo.file.string() + ": " + error.what());
                return;
            }
            const std::size_t half = images.size() / 2;
            extract(images.first(half), results.first(half));
            extract(images.subspan(half), results.subspan(half));
        }
    }

    /// Waits for the photo that is next in order; nothing when all are delivered.
    std::optional<PhotoResult> next_result() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return workers_left_ == 0 || done_.contains(delivered_); });
        const auto next = done_.find(delivered_);
        if (next == done_.end()) return std::nullopt;
        auto result = std::move(next->second);
        done_.erase(next);
        ++delivered_;
        changed_.notify_all();
        return result;
    }

    bool ended() {
        const std::lock_guard lock(mutex_);
        return ended_;
    }

    void end() {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }

    const Model& model_;
    const PhotoSource& source_;
    const PipelineOptions& options_;
    const bool one_device_;
    const int batch_;
    const int jobs_;
    const std::size_t most_ahead_;  // photos taken and not yet delivered

    std::mutex source_mutex_;  // taking photos; held while the source waits, so not the one below
    std::mutex device_mutex_;
    std::mutex mutex_;  // all that follows, but taken_, which only changes under source_mutex_
    std::condition_variable changed_;
    std::size_t taken_ = 0;
    std::size_t delivered_ = 0;
    std::map<std::size_t, PhotoResult> done_;
    int workers_left_ = 0;
    bool ended_ = false;
    std::exception_ptr problem_;
};

}  // namespace

std::size_t run_photo_pipeline(const Model& model, const PhotoSource& source, const PipelineOptions& options,
                               const std::function<void(PhotoResult&&)>& deliver) {
    return Pipeline(model, source, options).run(deliver);
}

}  // namespace piaa::cli
