#include "service/listener.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include <boost/filesystem/operations.hpp>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <piaa/error.h>

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

/// Whether somebody answers there, and not a socket that a killed program left.
bool is_listened_at(const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof address.sun_path) return false;
    std::copy(socket.begin(), socket.end(), address.sun_path);
    const int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int failed = ::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const bool refused = failed != 0 && errno == ECONNREFUSED;
    ::close(connection);
    return !refused;
}

/// The port that is listened at. host: or a socket's path, with any port.
int bind_server(httplib::Server& server, const std::string& host, int port) {
    // The library would take what nobody read of a request for the next one of its connection.
    server.set_keep_alive_max_count(1);
    // By itself the library lets several programs share a port, so that each would get some of the requests.
    const auto last = std::make_shared<int>(-1);
    server.set_socket_options([last](int socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        *last = socket;
    });
    const int bound =
        port != 0 ? (server.bind_to_port(host, port) ? port : -1) : server.bind_to_any_port(host);
    // The library lets 5 connections wait; of more that come at once the system resets some.
    if (bound >= 0) ::listen(*last, SOMAXCONN);
    return bound;
}

[[noreturn]] void refuse(const std::string& address, const std::string& why) {
    throw Error(ErrorCode::io, address + ": cannot be listened at, " + why);
}

}  // namespace

Listener::Listener(httplib::Server& server, const std::string& host, int port) : server_(server) {
    const int bound = bind_server(server, host, port);
    if (bound < 0) refuse(host + ":" + std::to_string(port), "perhaps because somebody does already");
    address_ = host + ":" + std::to_string(bound);
    start();
}

Listener::Listener(httplib::Server& server, const fs::path& socket)
    : server_(server), address_(fs::absolute(socket).string()) {
    boost::system::error_code ignored;
    const fs::file_type there = fs::symlink_status(address_, ignored).type();
    if (there == fs::socket_file && !is_listened_at(address_)) fs::remove(address_, ignored);
    if (fs::exists(fs::symlink_status(address_, ignored)))
        refuse(address_, there == fs::socket_file ? "because somebody does already" : "it is no socket");
    server.set_address_family(AF_UNIX);
    const mode_t before = ::umask(0177);
    const int bound = bind_server(server, address_, 1);
    const std::string why = std::strerror(errno);
    ::umask(before);
    if (bound < 0) refuse(address_, why);
    socket_ = address_;
    start();
}

void Listener::start() {
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    for (int i = 0; i < 500 && !server_.is_running(); ++i)  // stop() before that would be in vain
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

Listener::~Listener() {
    boost::system::error_code ignored;
    if (!socket_.empty()) fs::remove(socket_, ignored);
    server_.stop();
}

}  // namespace piaa::cli
