#include "service/listener.h"

#include <chrono>
#include <memory>

#include <httplib.h>
#include <sys/socket.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

/// The port that is listened at.
int bind(httplib::Server& server, const std::string& host, int port) {
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
    if (bound < 0)
        throw Error(ErrorCode::io, host + ":" + std::to_string(port) +
                                       ": cannot be listened at, perhaps because somebody does already");
    // The library lets 5 connections wait; of more that come at once the system resets some.
    ::listen(*last, SOMAXCONN);
    return bound;
}

}  // namespace

Listener::Listener(httplib::Server& server, const std::string& host, int port)
    : server_(server),
      address_(host + ":" + std::to_string(bind(server, host, port))),
      thread_([&server] { server.listen_after_bind(); }) {
    for (int i = 0; i < 500 && !server_.is_running(); ++i)  // stop() before that would be in vain
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

Listener::~Listener() {
    server_.stop();
}

}  // namespace piaa::cli
