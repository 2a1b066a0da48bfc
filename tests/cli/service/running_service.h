#pragma once

#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <boost/filesystem/operations.hpp>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/child_process.h"
#include "support/dark_taste.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

namespace piaa::test {

using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

struct Response {
    int status = 0;
    std::string head, body;
    Json json() const { return Json::parse(body, nullptr, false); }
};

/// A service on a free port, with photos, profiles and somebody who likes the dark.
class Service {
public:
    explicit Service(std::vector<std::string> more = {},
                     const std::map<std::string, std::string>& environment = {})
        : taste_(write_dark_taste(folder.path())) {
        for (const char* name : {"photos", "profiles", "outside"}) fs::create_directory(folder / name);
        dark = write_photo(photo_of(60), folder / "photos/dark", {.suffix = ".jpg[Q=90]"}).string();
        write_photo(photo_of(200), folder / "photos/light");
        write_photo(photo_of(200), folder / "outside/secret");
        fs::create_symlink(folder / "outside/secret.png", folder / "photos/way-out.png");
        fs::copy_file(taste_.profile, folder / "profiles/me.pt");
        arguments_ = {PIAA_BATCH,   "serve",
                      "--model",    tiny_model().info().file.string(),
                      "--device",   "cpu",
                      "--prior",    taste_.prior.string(),
                      "--listen",   "127.0.0.1:0",
                      "--root",     (folder / "photos").string(),
                      "--profiles", (folder / "profiles").string()};
        arguments_.insert(arguments_.end(), more.begin(), more.end());
        child_ = std::make_unique<ChildProcess>(arguments_, environment);
        url = child_->read_line();
        REQUIRE(url.starts_with("http://127.0.0.1:"));
        while (get("/readyz").status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }

    Response curl(const std::string& path, std::vector<std::string> options) const {
        const std::string head = (folder / "head").string();
        options.insert(options.begin(), {"/usr/bin/curl", "-s", "-D", head});
        options.push_back(url + path);
        const auto ending = ChildProcess(options).wait();
        Response response{0, read_bytes(head), ending.output};
        // After "100 Continue" another head follows.
        const auto last = response.head.rfind("HTTP/1.1 ");
        if (last != std::string::npos) response.status = std::stoi(response.head.substr(last + 9, 3));
        return response;
    }
    Response get(const std::string& path) const { return curl(path, {}); }
    Response send(const std::string& path, const std::string& file, const std::string& type = "image/jpeg",
                  std::vector<std::string> more = {}) const {
        more.insert(more.end(), {"--data-binary", "@" + file, "-H", "Content-Type: " + type});
        return curl(path, more);
    }
    Response send_text(const std::string& path, const std::string& text, const std::string& type) const {
        write_bytes(folder / "body", text);
        return send(path, (folder / "body").string(), type);
    }

    void send_signal(int signal) const { child_->send(signal); }
    ChildProcess::Ending end() {
        child_->send(SIGTERM);
        return child_->wait();
    }

    /// What the command line says of a photo.
    Json row(const std::string& file, bool personal) const {
        std::vector<std::string> arguments = {PIAA_BATCH, "score", file,       "--model", arguments_[3],
                                              "--device", "cpu",   "--format", "jsonl",   "--quiet"};
        if (personal)
            arguments.insert(arguments.end(),
                             {"--user", taste_.profile.string(), "--prior", taste_.prior.string()});
        return Json::parse(ChildProcess(arguments).wait().output);
    }

    TemporaryFolder folder;
    std::string dark, url;

private:
    DarkTaste taste_;
    std::vector<std::string> arguments_;
    std::unique_ptr<ChildProcess> child_;
};

/// A connection to a port of this machine; fails after seconds where the service's queue is full.
inline int connect_to(const std::string& url) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval patience{5, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    REQUIRE(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return connection;
}

/// All that comes back for these bytes until the service closes the connection.
inline std::string answers_to(const std::string& url, const std::string& bytes) {
    const int connection = connect_to(url);
    const timeval patience{20, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    CHECK(::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    std::string all;
    char some[4096];
    ssize_t count;
    while ((count = ::recv(connection, some, sizeof some, 0)) > 0)
        all.append(some, static_cast<std::size_t>(count));
    ::close(connection);
    return all;
}

inline std::vector<Json> rows_of(const std::string& text) {
    std::vector<Json> rows;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
    return rows;
}

}  // namespace piaa::test
