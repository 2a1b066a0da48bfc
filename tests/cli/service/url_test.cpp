// Photos that piaa-batch serve fetches from other hosts, which are servers of this test.
#include <mutex>

#include <httplib.h>

#include "cli/service/running_service.h"
#include "service/url_fetcher.h"

using namespace piaa;
using test::Json;
using test::Response;
using test::rows_of;
using test::Service;
using namespace std::string_literals;
namespace fs = boost::filesystem;

namespace {

/// A host with photos, a slow one, and much that is none.
class PhotoHost {
public:
    explicit PhotoHost(const std::string& photo) {
        const auto add = [this](const std::string& path, httplib::Server::Handler answer) {
            server_.Get(path, std::move(answer));
        };
        add("/a.jpg", [this, photo](const httplib::Request& request, httplib::Response& response) {
            const std::lock_guard lock(mutex_);
            asked_ = request;
            response.set_content(photo, "image/jpeg");
        });
        add("/text", [](const httplib::Request&, httplib::Response& response) {
            response.set_content("no image at all, but long enough to be read", "image/jpeg");
        });
        add("/elsewhere",
            [](const httplib::Request&, httplib::Response& response) { response.set_redirect("/a.jpg"); });
        add("/broken", [](const httplib::Request&, httplib::Response& response) { response.status = 500; });
        add("/large", [](const httplib::Request&, httplib::Response& response) {
            response.set_content(std::string(200'000, 'x'), "image/jpeg");
        });
        // Of a length that nobody says beforehand.
        add("/endless", [](const httplib::Request&, httplib::Response& response) {
            response.set_chunked_content_provider("image/jpeg", [](std::size_t, httplib::DataSink& sink) {
                const std::string some(10'000, 'x');
                return sink.write(some.data(), some.size());
            });
        });
        add("/slow", [this](const httplib::Request&, httplib::Response& response) {
            response.set_chunked_content_provider("image/jpeg", [this](std::size_t, httplib::DataSink& sink) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                return !ending_ && sink.write("x", 1);
            });
        });
        port = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::jthread([this] { server_.listen_after_bind(); });
        while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ~PhotoHost() {
        ending_ = true;
        server_.stop();
    }

    /// The last question for a.jpg.
    httplib::Request asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }
    std::string name() const { return "127.0.0.1:" + std::to_string(port); }
    std::string url(const std::string& path) const { return "http://" + name() + path; }

    int port = 0;

private:
    mutable std::mutex mutex_;
    httplib::Request asked_;
    std::atomic<bool> ending_ = false;
    httplib::Server server_;
    std::jthread thread_;
};

std::string named(const std::string& url) {
    return Json{{"image", {{"url", url}}}}.dump();
}

/// A service that may fetch from a host, and the host.
struct Pair {
    explicit Pair(std::vector<std::string> more = {})
        : host(test::read_bytes(
              test::write_photo(test::photo_of(60), folder / "a", {.suffix = ".jpg[Q=90]"}))),
          service(arguments(std::move(more)), {{"no_proxy", "*"}}) {}

    std::vector<std::string> arguments(std::vector<std::string> more) const {
        more.insert(more.end(), {"--allow-host", "images.example.com", "--allow-host", host.name()});
        return more;
    }

    Response ask(const std::string& url, const std::string& question = "/v1/score") const {
        return service.send_text(question, named(url), "application/json");
    }
    /// The status of a problem, with its sentence in `detail`.
    int refused(const std::string& url) {
        const Response response = ask(url);
        CAPTURE(url, response.body);
        CHECK(response.json()["status"] == response.status);
        detail = response.json().value("detail", "");
        return response.status;
    }

    test::TemporaryFolder folder;
    PhotoHost host;
    Service service;
    std::string detail;
};

}  // namespace

TEST_CASE("serve fetches a photo from a host of its list, however it is named", "[serve][url]") {
    const Pair both;
    const std::string url = both.host.url("/a.jpg");
    Json row = both.service.row((both.folder / "a.jpg").string(), false);
    row["path"] = url;
    const auto answer = both.ask(url);
    CHECK(answer.status == 200);
    CHECK(answer.json() == row);
    CHECK(both.service.curl("/v1/score?url=" + url, {"-X", "POST", "-d", ""}).json() == row);
    for (const char* header : {"Authorization", "Cookie", "Referer"})
        CHECK_FALSE(both.host.asked().has_header(header));

    const auto tag = answer.head.find("ETag: ");
    REQUIRE(tag != std::string::npos);
    const std::string known = answer.head.substr(tag + 6, answer.head.find('\r', tag) - tag - 6);
    CHECK(both.service.curl("/v1/score?url=" + url, {"-X", "POST", "-d", "", "-H", "If-None-Match: " + known})
              .status == 304);

    row["path"] = "mine.jpg";
    row["id"] = "k";
    const std::string lines = Json{{"id", "k"}, {"path", "mine.jpg"}, {"url", url}}.dump() + "\n" +
                              Json{{"url", both.host.url("/gone.jpg")}}.dump() + "\n" +
                              Json{{"id", "b"}, {"url", "http://elsewhere.example/a.jpg"}}.dump() + "\n";
    const auto rows = rows_of(both.service.send_text("/v1/score", lines, "application/x-ndjson").body);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == row);
    CHECK(rows[1]["error"] == both.host.url("/gone.jpg") + ": is not there");
    CHECK(rows[2]["error"].get<std::string>().find("--allow-host") != std::string::npos);
}

TEST_CASE("serve crops, picks, compares and learns from what it fetched", "[serve][url]") {
    const Pair both;
    const std::string url = both.host.url("/a.jpg");
    CHECK(both.ask(url, "/v1/crop?aspect=1:1&straighten=true").status == 200);
    CHECK(both.ask(url, "/v1/profiles/me/ratings?stars=5").json()["ratings"] == 26);
    const std::string lines =
        Json{{"id", "1"}, {"url", url}}.dump() + "\n" + Json{{"id", "2"}, {"url", url}}.dump() + "\n";
    for (const char* question :
         {"/v1/pick", "/v1/score?soft-subject=true", "/v1/crop?aspect=1:1&straighten=true"}) {
        CAPTURE(question);
        const auto rows = rows_of(both.service.send_text(question, lines, "application/x-ndjson").body);
        REQUIRE(rows.size() == 2);
        for (const Json& row : rows) CHECK(row["error"] == "");
    }
}

TEST_CASE("serve fetches from no host that is not on its list", "[serve][url]") {
    Pair both;
    for (const std::string& url :
         {"http://127.0.0.1:1/a.jpg"s, "http://127.0.0.1/a.jpg"s, "https://127.0.0.1/a.jpg"s,
          "http://localhost:" + std::to_string(both.host.port) + "/a.jpg",
          "http://images.example.com.elsewhere.example/a.jpg"s, "http://images.example.com:8080/a.jpg"s,
          "http://elsewhere.example#@images.example.com/"s, "http://169.254.169.254/latest/meta-data"s,
          "http://elsewhere.example?@images.example.com/"s, "http:///a.jpg"s})
        CHECK(both.refused(url) == 403);
    CHECK(both.detail.find("--allow-host does not name") != std::string::npos);
    for (const std::string& url :
         {"file:///etc/passwd"s, "ftp://images.example.com/a.jpg"s, "images.example.com/a.jpg"s, "http://"s,
          ""s, "gopher://127.0.0.1:" + std::to_string(both.host.port) + "/a.jpg",
          "http://ann:secret@" + both.host.name() + "/a.jpg", "http://ann@" + both.host.name() + "/a.jpg",
          both.host.url("/a.jpg") + "\0.png"s, both.host.url("/a.jpg\r\nX-Header: 1")})
        CHECK(both.refused(url) == 400);
    const Service none;
    const auto answer = none.send_text("/v1/score", named(both.host.url("/a.jpg")), "application/json");
    CHECK(answer.status == 403);
    CHECK(answer.json()["detail"].get<std::string>().find("there is no --allow-host") != std::string::npos);
    const auto twice = both.service.send("/v1/score?url=" + both.host.url("/a.jpg"), both.service.dark);
    CHECK(twice.status == 400);
}

TEST_CASE("serve says what another host did not give", "[serve][url]") {
    Pair both({"--max-body", "100000", "--time-limit", "1"});
    CHECK(both.refused(both.host.url("/gone.jpg")) == 404);
    CHECK(both.refused(both.host.url("/broken")) == 502);
    CHECK(both.detail == both.host.url("/broken") + ": the host answered 500");
    CHECK(both.refused(both.host.url("/elsewhere")) == 502);
    CHECK(both.detail.ends_with("the host answered 302, and redirects are not followed"));
    CHECK(both.refused(both.host.url("/large")) == 413);
    CHECK(both.refused(both.host.url("/endless")) == 413);
    CHECK(both.refused(both.host.url("/text")) == 415);
    CHECK(both.refused(both.host.url("/slow")) == 504);
    // It speaks no TLS, and says so, or waits for the rest of a request.
    const int without_tls = both.refused("https" + both.host.url("/a.jpg").substr(4));
    CHECK((without_tls == 502 || without_tls == 504));
}

TEST_CASE("serve holds only so much of what it fetched, and says so", "[serve][url]") {
    const test::TemporaryFolder folder;
    const PhotoHost host(
        test::read_bytes(test::write_photo(test::photo_of(60), folder / "a", {.suffix = ".jpg[Q=90]"})));
    const std::string largest = std::to_string(fs::file_size(folder / "a.jpg") + 1);
    const Service service({"--allow-host", host.name(), "--max-body", largest}, {{"no_proxy", "*"}});
    std::string lines;
    for (int i = 0; i < 6; ++i) lines += Json{{"url", host.url("/a.jpg")}}.dump() + "\n";
    for (int i = 0; i < 2; ++i) {  // what one request held is free for the next
        std::size_t well = 0;
        for (const Json& row : rows_of(service.send_text("/v1/pick", lines, "application/x-ndjson").body)) {
            const auto error = row["error"].get<std::string>();
            well += error.empty();
            if (!error.empty()) CHECK(error.ends_with("photos that were fetched take up the memory"));
        }
        CHECK(well == 4);
    }
}

TEST_CASE("a list of hosts takes names, addresses and ports alone", "[serve][url]") {
    CHECK(cli::parse_allowed_host("Images.Example.com").name == "images.example.com");
    CHECK(cli::parse_allowed_host("images.example.com").port == 0);
    CHECK(cli::parse_allowed_host("10.0.0.5:9000").port == 9000);
    CHECK(cli::parse_allowed_host("[::1]:9000").name == "[::1]");
    for (const std::string text : {"", "https://images.example.com", "images.example.com/", "*.example.com",
                                   "a b", "ann@images.example.com", "images.example.com?",
                                   "images.example.com:080", "images.example.com:0x50"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(cli::parse_allowed_host(text), Error);
    }
}
