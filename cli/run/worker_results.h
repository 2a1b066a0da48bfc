#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

#include "run/photo_pipeline.h"

namespace piaa::cli {

/// What PipelineOptions::work makes of photos, kept until each photo is delivered. Safe to use from several
/// threads.
template <typename T>
class WorkerResults {
public:
    void put(const PhotoResult& photo, T result) {
        const std::lock_guard lock(mutex_);
        results_.insert_or_assign(photo.index, std::move(result));
    }

    /// What put() was given for the photo, once.
    T take(const PhotoResult& photo) {
        const std::lock_guard lock(mutex_);
        return std::move(results_.extract(photo.index).mapped());
    }

private:
    std::mutex mutex_;
    std::map<std::size_t, T> results_;
};

}  // namespace piaa::cli
