#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace piaa::cli {

/// What was answered, for Prometheus. Safe to call from several threads.
class Metrics {
public:
    /// path: as the service knows it, not as a request spells it.
    void answered(const std::string& path, int status, double seconds);
    /// A photo that was looked at, or failed to be.
    void photo(bool well);

    /// The text format, version 0.0.4. working, waiting: at this moment.
    std::string text(std::size_t working, std::size_t waiting) const;

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> requests_;
    std::map<std::string, double> seconds_;
    std::uint64_t photos_ = 0, failed_ = 0;
};

}  // namespace piaa::cli
