#include "service/service_options.h"

#include <piaa/error.h>
#include <piaa/parse_number.h>

namespace piaa::cli {

void parse_listen(const std::string& text, ServiceOptions& options) {
    const std::string of_socket = "unix:";
    if (text.starts_with(of_socket) && text != of_socket) {
        options.socket = text.substr(of_socket.size());
        return;
    }
    const auto colon = text.rfind(':');
    const int port = colon == std::string::npos ? -1 : parse_number<int>(text.substr(colon + 1)).value_or(-1);
    if (port < 0 || port > 65535)
        throw Error(ErrorCode::bad_argument,
                    "address '" + text + "' should be host:port, as 127.0.0.1:8077, or unix:FILE");
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (!host.empty()) options.host = host;
    options.port = port;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace piaa::cli
