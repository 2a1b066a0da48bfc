#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

#include <httplib.h>

#include "service/photo_question.h"
#include "service/problem.h"
#include "service/service_options.h"

namespace piaa::cli {

/// A body of whatever kind, at most as long and as slow as the options allow.
class BodyReader {
public:
    /// held: bytes of all bodies that are being read. welcome: else the body is thrown away.
    BodyReader(const httplib::Request& request, const httplib::ContentReader& reader,
               const ServiceOptions& options, std::atomic<std::size_t>& held, bool welcome);
    ~BodyReader() { held_ -= kept_; }
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    /// Throws Problem for a body that is too large, too slow or broken.
    void read_into(Query& query);

private:
    using Clock = std::chrono::steady_clock;

    bool take(std::string& to, const char* data, std::size_t length);
    bool read_plain(Query& query);
    bool read_parts(Query& query);

    const httplib::Request& request_;
    const httplib::ContentReader& reader_;
    const ServiceOptions& options_;
    std::atomic<std::size_t>& held_;
    bool welcome_;
    Clock::time_point end_;
    std::size_t taken_ = 0, kept_ = 0;
    bool too_large_ = false, too_late_ = false, too_many_ = false;
};

}  // namespace piaa::cli
