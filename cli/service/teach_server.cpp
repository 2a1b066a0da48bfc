#include "service/teach_server.h"

#include <chrono>
#include <ostream>
#include <random>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "pages/teach_page.h"
#include "service/listener.h"

namespace piaa::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_answer = 10'000;  // bytes

std::string secret() {
    std::random_device random;
    std::string text;
    for (int i = 0; i < 4; ++i) text += fmt::format("{:08x}", random());
    return text;
}

void send_error(httplib::Response& response, int status, const std::string& sentence) {
    response.status = status;
    response.set_content(Json{{"error", sentence}}.dump(-1, ' ', false, Json::error_handler_t::replace),
                         "application/json");
}

class TeachServer {
public:
    TeachServer(Teaching& teaching, const PhotoCopy& copy) : teaching_(teaching), copy_(copy) {
        server_.set_payload_max_length(largest_answer);
        server_.set_tcp_nodelay(true);
        const std::string root = "/" + secret_;
        server_.Get(root + "/", [this](const httplib::Request&, httplib::Response& response) {
            response.set_content(page(), "text/html; charset=utf-8");
        });
        server_.Get(root + R"(/photo/(\d{1,7}))",
                    [this](const httplib::Request& request, httplib::Response& response) {
                        answered(response, [&] {
                            const std::size_t photo = std::stoul(request.matches[1]);
                            if (photo >= teaching_.photos().size())
                                return send_error(response, 404, "there is no such photo");
                            response.set_header("Cache-Control", "private, max-age=86400");
                            response.set_content(copy_(photo), "image/jpeg");
                        });
                    });
        server_.Get(root + "/state", [this](const httplib::Request& request, httplib::Response& response) {
            answered(response, [&] { send_state(response, request.get_param_value("mode")); });
        });
        server_.Post(root + "/answer", [this](const httplib::Request& request, httplib::Response& response) {
            answered(response, [&] { take_answer(request.body, response); });
        });
    }

    httplib::Server& server() { return server_; }
    std::string path() const { return "/" + secret_ + "/"; }

private:
    std::string page() const {
        std::vector<std::string> names;
        for (const LessonPhoto& photo : teaching_.photos()) names.push_back(photo.name);
        return teach_page(names);
    }

    template <typename Work>
    static void answered(httplib::Response& response, Work work) {
        try {
            work();
        } catch (const Error& error) {
            send_error(response, error.code() == ErrorCode::bad_argument ? 422 : 500, error.what());
        } catch (const Json::exception&) {
            send_error(response, 422,
                       "an answer should be {\"mode\", \"photos\", \"stars\" | \"skip\"} or {\"undo\"}");
        } catch (const std::exception& error) {
            send_error(response, 500, error.what());
        }
    }

    void send_state(httplib::Response& response, const std::string& mode) {
        response.set_content(teaching_.state(mode).dump(), "application/json");
    }

    void take_answer(const std::string& body, httplib::Response& response) {
        const Json json = Json::parse(body);
        const auto mode = json.at("mode").get<std::string>();
        const auto photos = json.value("photos", std::vector<std::size_t>{});
        if (json.value("undo", false))
            teaching_.undo();
        else if (json.value("skip", false))
            teaching_.skip(mode, photos);
        else
            teaching_.answer(mode, photos, json.value("stars", 0));
        send_state(response, mode);
    }

    Teaching& teaching_;
    PhotoCopy copy_;
    std::string secret_ = secret();
    httplib::Server server_;
};

}  // namespace

void serve_teaching(Teaching& teaching, const PhotoCopy& copy, int port, std::ostream& out,
                    const std::function<bool()>& stop) {
    const std::string host = "127.0.0.1";
    TeachServer page(teaching, copy);
    const Listener listener(page.server(), host, port);
    out << "http://" << listener.address() << page.path() << std::endl;
    while (!stop()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace piaa::cli
