#pragma once

#include <string>
#include <thread>

namespace httplib {
class Server;
}

namespace piaa::cli {

/// A server that answers on a thread of its own, one request a connection, until it goes out of scope.
class Listener {
public:
    /// port: 0 for any free one. Returns when requests are answered. Throws Error(io) when the address cannot
    /// be had.
    Listener(httplib::Server& server, const std::string& host, int port);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// "127.0.0.1:8077"
    const std::string& address() const { return address_; }

private:
    httplib::Server& server_;
    std::string address_;
    std::jthread thread_;
};

}  // namespace piaa::cli
