#include "run/photo_pipeline.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/filesystem/operations.hpp>

#include <piaa/network_runtime.h>
#include <piaa/subject_features.h>

#include "cache/feature_cache.h"
#include "limits/time_limit.h"

namespace piaa::cli {
namespace {

class Pipeline {
public:
    Pipeline(const Model& model, const PhotoSource& source, const PipelineOptions& options)
        : model_(model),
          source_(source),
          options_(options),
          batch_(options.batch > 0 ? options.batch : 4),
          jobs_(workers(options.jobs, model.device())),
          most_ahead_(static_cast<std::size_t>(batch_) * (jobs_ + 2)) {}

    std::size_t run(const std::function<void(PhotoResult&&)>& deliver) {
        if (options_.cache == nullptr || options_.keep_maps) start_network(model_);
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
    /// While a GPU has its photos a worker does nothing, so that more of them are needed to keep all cores
    /// decoding.
    static int workers(int jobs, const std::string& device) {
        if (jobs == 0) jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        return device == "cpu" ? jobs : 2 * jobs;
    }

    /// What one worker does until there is nothing left.
    void work() {
        try {
            TimeLimit limit(options_.time_limit);
            for (auto batch = take(); !batch.empty(); batch = take()) {
                analyse(batch, limit);
                if (options_.work) work_on(batch);
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

    void analyse(std::vector<PhotoResult>& batch, TimeLimit& limit) {
        FeatureCache* const cache = options_.keep_maps ? nullptr : options_.cache;
        const bool again = options_.keep_maps || options_.keep_subjects;
        std::vector<Image> images;
        std::vector<PhotoResult*> decoded;
        std::vector<CachedPhoto> read;  // of each photo that was opened what the cache should know
        for (auto& result : batch) {
            try {
                const auto& file = result.photo.file;
                if (result.photo.problem) throw *result.photo.problem;
                auto bytes = again ? result.photo.bytes : std::exchange(result.photo.bytes, nullptr);
                if (!bytes && cache != nullptr && find_by_stamp(*cache, result)) continue;
                if (!bytes) bytes = read_in_time(result.photo, limit, cache != nullptr);
                if (again && !result.photo.url.empty()) result.photo.bytes = bytes;
                if (!bytes) {
                    result.skipped = true;
                    continue;
                }
                if (cache != nullptr) {
                    read.push_back({file, bytes->stamp(), content_hash(bytes->span())});
                    if (auto known = cache->find(read.back().content)) {
                        use(std::move(*known), result);
                        continue;
                    }
                    read.back().features = &result.features;
                    read.back().subject = &result.subject;
                }
                auto photo =
                    limit.run(file.string(), [bytes, file, model = model_, decode = options_.decode] {
                        return decode(*bytes, file, size_for(model));
                    });
                result.features.photo = photo.photo;
                images.push_back(std::move(photo.image));
                decoded.push_back(&result);
            } catch (const Error& error) {
                if (is_gone(result.photo))
                    result.skipped = true;
                else
                    result.error = error;
            }
        }
        if (!images.empty()) {
            if (cache != nullptr) start_network(model_);
            extract(images, decoded);
        }
        if (cache == nullptr) return;
        std::erase_if(read, [&](const CachedPhoto& photo) {
            return photo.features != nullptr && photo.features->pooled.empty();  // failed
        });
        cache->add(read);
    }

    static SmallestSize size_for(const Model& model) {
        return [&model](Size size) { return decode_size(model, size); };
    }

    /// The bytes of a photo, all of them or as many as decoding takes; nullptr for what is no image and was
    /// not expected to be one.
    std::shared_ptr<const FileBytes> read_in_time(const Photo& photo, TimeLimit& limit, bool all) const {
        if (options_.read)
            return limit.run(photo.file.string(), [photo, read = options_.read] { return read(photo); });
        return limit.run(photo.file.string(),
                         [file = photo.file, expected = photo.expected, model = model_,
                          all]() -> std::shared_ptr<const FileBytes> {
                             if (!expected && !image_format(file)) return nullptr;
                             return std::make_shared<const FileBytes>(
                                 all ? read_image_bytes(file) : read_image_bytes(file, size_for(model)));
                         });
    }

    /// Whether a file that was no photo by its name has gone since it was listed: the run may have moved it,
    /// as a sidecar of a photo that came before.
    static bool is_gone(const Photo& photo) {
        boost::system::error_code ignored;
        return !photo.expected &&
               boost::filesystem::status(photo.file, ignored).type() == boost::filesystem::file_not_found;
    }

    static bool find_by_stamp(FeatureCache& cache, PhotoResult& result) {
        const auto stamp = file_stamp(result.photo.file);
        auto known = stamp ? cache.find(result.photo.file, *stamp) : std::nullopt;
        if (!known) return false;
        use(std::move(*known), result);
        return true;
    }

    static void use(KeptFeatures&& kept, PhotoResult& result) {
        result.features = std::move(kept.features);
        result.subject = std::move(kept.subject);
    }

    /// Features of all, or of each half where all together fail: too much for the device, or one bad photo.
    void extract(std::span<const Image> images, std::span<PhotoResult*> results) {
        try {
            const auto take = [&](std::size_t i, Features&& features) {
                features.photo = results[i]->features.photo;
                results[i]->features = std::move(features);
            };
            if (!options_.keep_maps && (options_.keep_subjects || options_.cache != nullptr)) {
                auto all = extract_with_subjects(model_, images);
                for (std::size_t i = 0; i < results.size(); ++i) {
                    take(i, std::move(all[i].features));
                    results[i]->subject = packed_subject(all[i].subject);
                }
            } else {
                auto all = extract_features(model_, images, {.keep_maps = options_.keep_maps});
                for (std::size_t i = 0; i < results.size(); ++i) take(i, std::move(all[i]));
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

    void work_on(std::vector<PhotoResult>& batch) {
        for (PhotoResult& result : batch) {
            if (result.skipped || result.error) continue;
            try {
                options_.work(result);
            } catch (const Error& error) {
                result.error = Error(error.code(), result.photo.file.string() + ": " + error.what());
            }
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
    const int batch_;
    const int jobs_;
    const std::size_t most_ahead_;  // photos taken and not yet delivered

    std::mutex source_mutex_;  // taking photos; held while the source waits, so not the one below
    std::mutex mutex_;         // all that follows, but taken_, which only changes under source_mutex_
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
