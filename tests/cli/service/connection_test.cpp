// Connections to piaa-batch serve that keep it waiting, or say nonsense about their bodies.
#include "cli/service/running_service.h"

using namespace piaa;
using test::Json;
using test::Service;

namespace {

const std::string host = "Host: localhost\r\n";

/// The status and the problem of an answer.
std::pair<int, Json> problem_in(const std::string& answer) {
    CAPTURE(answer);
    REQUIRE(answer.starts_with("HTTP/1.1 "));
    return {std::stoi(answer.substr(9)),
            Json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false)};
}

}  // namespace

TEST_CASE("serve is well beside many who sent a part of a request and wait", "[serve][connections]") {
    const Service service;
    const std::string head =
        GENERATE(as<std::string>(), "GET /healthz HTTP/1.1\r\nHost: loc",
                 "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
    CAPTURE(head);
    std::vector<int> waiting;
    for (int i = 0; i < 300; ++i) {
        waiting.push_back(test::connect_to(service.url));
        REQUIRE(::send(waiting.back(), head.data(), head.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(head.size()));
    }
    CHECK(service.curl("/healthz", {"-m", "10"}).status == 200);
    for (const int connection : waiting) ::close(connection);
}

TEST_CASE("serve refuses at once what a body's length cannot be", "[serve][connections]") {
    const Service service;
    const auto asked_with = [&](const std::string& headers) {
        const auto begin = std::chrono::steady_clock::now();
        auto answer = problem_in(
            test::answers_to(service.url, "POST /v1/score HTTP/1.1\r\n" + host + headers + "\r\n12345"));
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
        return answer;
    };
    for (const char* headers :
         {"Content-Length: -5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: five\r\n",
          "Content-Length: 5, 5\r\n", "Content-Length: 99999999999999999999999\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"}) {
        CAPTURE(headers);
        const auto [status, problem] = asked_with(headers);
        CHECK(status == 400);
        CHECK(problem["detail"].get<std::string>().find("Content-Length should be one number") == 0);
    }
    CHECK(asked_with("Content-Length: 5\r\nContent-Length: 5\r\n").first == 415);
}

TEST_CASE("serve says that an address is too long", "[serve][connections]") {
    const Service service;
    const auto [status, problem] = problem_in(
        test::answers_to(service.url, "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"));
    CHECK(status == 414);
    CHECK(problem["title"] == "URI Too Long");
    CHECK(problem["detail"] == "the address of the request is too long");
}
