#pragma once

#include <string>
#include <thread>

#include <boost/filesystem/path.hpp>

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
    /// At a Unix socket that this user alone can reach, gone when the listener is. One that a killed program
    /// left is taken over.
    Listener(httplib::Server& server, const boost::filesystem::path& socket);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// "127.0.0.1:8077", or the socket's path.
    const std::string& address() const { return address_; }

private:
    void start();

    httplib::Server& server_;
    boost::filesystem::path socket_;  // empty for none
    std::string address_;
    std::jthread thread_;
};

}  // namespace piaa::cli
