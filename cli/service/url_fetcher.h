#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "photos/file_bytes.h"

namespace piaa::cli {

/// A host that photos may be fetched from.
struct AllowedHost {
    std::string name;  ///< in lower case; an address of IPv6 in brackets
    int port = 0;      ///< 0 for the usual one, 80 or 443
};

/// "images.example.com", "10.0.0.5:9000" or "[::1]:9000". Throws Error(bad_argument) for anything else.
AllowedHost parse_allowed_host(const std::string& text);

/// Photos from other hosts, those of a list alone, over http and https. Safe to call from several threads.
///
/// What a URL says is read by the library that fetches it, so that both mean the same host. Redirects are not
/// followed and no credentials are sent. A listed name may lead to any address: whoever lists it trusts those
/// who answer for it.
class UrlFetcher {
public:
    /// largest: bytes of a photo. limit: for each of them, all in all.
    UrlFetcher(std::vector<AllowedHost> hosts, std::size_t largest, std::chrono::milliseconds limit);

    /// `stop` is asked while it waits. Throws Problem: 400 for what is no such URL, 403 for a host that is
    /// not listed, 404 where the host says so, 413, 502 for any other answer or none, 503 where photos that
    /// are held take up the memory, 504 when it takes too long.
    std::shared_ptr<const FileBytes> fetch(const std::string& url, const std::function<bool()>& stop) const;

private:
    bool allows(const std::string& host, int port, int usual_port) const;

    std::vector<AllowedHost> hosts_;
    std::size_t largest_;
    std::chrono::milliseconds limit_;
    std::shared_ptr<std::atomic<std::size_t>> held_;  // bytes of all photos that are being used
};

}  // namespace piaa::cli
