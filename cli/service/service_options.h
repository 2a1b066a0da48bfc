#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "run/scorer.h"
#include "service/url_fetcher.h"

namespace piaa::cli {

/// What `piaa-batch serve` is told.
struct ServiceOptions {
    ScorerOptions scorer;
    std::string host = "127.0.0.1";
    int port = 8077;                   ///< 0 for any free one
    boost::filesystem::path socket;    ///< of this machine, in place of host and port
    boost::filesystem::path root;      ///< photos may be named by their path below it; empty: only sent
    std::vector<AllowedHost> hosts;    ///< photos may be named by a URL of these
    boost::filesystem::path profiles;  ///< folder of NAME.pt; empty: only the scorer's person
    std::string token;              ///< what Authorization: Bearer has to say; empty on the loopback: nothing
    int jobs = 0;                   ///< photos worked on at once; 0 for what the machine allows
    std::uint64_t memory = 0;       ///< bytes, see PhotoRunOptions
    std::size_t connections = 512;  ///< served at once, a thread each; others wait in the system's queue
    std::size_t queue = 64;         ///< requests that may wait for work; others are told to come back
    std::size_t largest = std::size_t{256} << 20;  ///< bytes of a request's body
    std::chrono::seconds time_limit{60};           ///< for one photo to be read and decoded
    std::chrono::seconds body_limit{30};           ///< for a body to arrive, and then 1 MB a second
};

/// "127.0.0.1:8077", ":8077" or "[::1]:8077" into host and port, "unix:FILE" into a socket. Throws
/// Error(bad_argument) for anything else.
void parse_listen(const std::string& text, ServiceOptions& options);

/// Whether nobody but this machine reaches that address.
bool is_loopback(const std::string& host);

}  // namespace piaa::cli
