#include "service/http_server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <regex>
#include <thread>

#include <boost/algorithm/string/find.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <httplib.h>

#include <piaa/error.h>
#include <piaa/parse_number.h>

#include "console/escape.h"
#include "console/exit_code.h"
#include "report/report.h"
#include "service/body_reader.h"
#include "service/connection_threads.h"
#include "service/listener.h"
#include "service/photo_service.h"
#include "service/problem.h"

namespace piaa::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Equal, in a time that does not tell where the first difference is.
bool same_secret(const std::string& a, const std::string& b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |=
            static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[b.empty() ? 0 : i % b.size()]);
    return difference == 0;
}

Query query_of(const httplib::Request& request) {
    Query query;
    query.parameters = request.params;
    query.type = media_type(request.get_header_value("Content-Type"));
    query.accept = request.get_header_value("Accept");
    query.known = request.get_header_value("If-None-Match");
    return query;
}

void send(const Problem& problem, httplib::Response& response) {
    response.status = problem.status;
    if (problem.status == 429 || problem.status == 503) response.set_header("Retry-After", "1");
    if (problem.status == 401) response.set_header("WWW-Authenticate", "Bearer");
    response.set_content(problem_json(problem), "application/problem+json");
}

void send(Reply&& reply, httplib::Response& response) {
    response.status = reply.status;
    if (!reply.tag.empty()) response.set_header("ETag", reply.tag);
    if (reply.status != 304) response.set_content(reply.body, reply.type);
}

/// Runs the work; whatever goes wrong is an answer.
template <typename Work>
void answered(httplib::Response& response, Work work) {
    try {
        work();
    } catch (const Problem& problem) {
        send(problem, response);
    } catch (const std::bad_alloc&) {
        send(Problem{503, "there is not enough memory"}, response);
    } catch (const std::exception& error) {
        send(Problem{500, error.what()}, response);
    }
}

/// How a path may be asked; empty for one that is not there.
std::string methods_of(const std::string& path) {
    static const std::vector<std::pair<std::regex, std::string>> paths = {
        {std::regex("/healthz|/readyz|/metrics|/v1/version"), "GET, HEAD"},
        {std::regex("/v1/(score|crop|explain|pick)|/v1/profiles/[^/]+/ratings"), "POST"},
        {std::regex("/v1/profiles/[^/]+"), "GET, HEAD, PUT"}};
    for (const auto& [pattern, methods] : paths)
        if (std::regex_match(path, pattern)) return methods;
    return "";
}

/// Of "localhost:8077" and "[::1]:8077" what stands before the port.
std::string without_port(const std::string& host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

/// How long the body is has to be said once and clearly: the library waits for what it makes of anything
/// else, and a proxy may make something else of it.
bool has_clear_length(const httplib::Request& request) {
    const auto all = request.headers.equal_range("Content-Length");
    if (all.first != all.second && request.has_header("Transfer-Encoding")) return false;
    return std::all_of(all.first, all.second, [&](const auto& header) {
        return header.second == all.first->second && parse_number<std::uint64_t>(header.second);
    });
}

bool says_length(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

/// The library knows the names of a form's type and of its boundary in lower case alone.
void lower_form_names(httplib::Headers& headers) {
    const std::string form = "multipart/form-data", boundary = "boundary=";
    const auto type = headers.find("Content-Type");
    if (type == headers.end() || media_type(type->second) != form) return;
    type->second.replace(0, form.size(), form);
    const auto name = boost::ifind_first(type->second, boundary);
    if (!name.empty()) std::copy(boundary.begin(), boundary.end(), name.begin());
}

/// Why a request is refused before its body is read. alone: only programs of this machine are meant.
std::optional<Problem> early_problem(const httplib::Request& request, bool alone) {
    // A page may have a name of its own lead to the loopback.
    const std::string host = request.get_header_value("Host");
    if (alone && !host.empty() && !is_loopback(without_port(host)))
        return Problem{403,
                       "without a token this machine alone is served, by the name localhost or its address"};
    if (!has_clear_length(request))
        return Problem{400, "Content-Length should be one number of bytes, and not beside Transfer-Encoding"};
    if (request.method != "POST" && request.method != "PUT") return std::nullopt;
    // Any page that somebody opens may send to the loopback, and needs no answer to change a profile.
    const std::string origin = request.get_header_value("Origin");
    if (!origin.empty() && !origin.ends_with("://" + request.get_header_value("Host")))
        return Problem{403, "pages of other sites are not served"};
    // The library would wait for the body until the time for reading is over.
    if (!says_length(request))
        return Problem{411, "the request should say how long its body is: Content-Length, or chunked"};
    return std::nullopt;
}

class HttpServer {
public:
    explicit HttpServer(const ServiceOptions& options) : options_(options), service_(options) {
        server_.new_task_queue = [count = options.connections] { return new ConnectionThreads(count); };
        server_.set_payload_max_length(options.largest);
        server_.set_read_timeout(options.body_limit);
        server_.set_write_timeout(options.body_limit);
        server_.set_tcp_nodelay(true);
        refuse_early();
        add_errors();
        add_gets();
        add_questions();
        add_profiles();
    }

    PhotoService& service() { return service_; }
    httplib::Server& server() { return server_; }

private:
    void refuse_early() {
        const bool alone = options_.token.empty() && options_.socket.empty();
        server_.set_pre_routing_handler(
            [alone](const httplib::Request& request, httplib::Response& response) {
                // The library's own request, which it has not looked at yet.
                lower_form_names(const_cast<httplib::Request&>(request).headers);
                if (const auto problem = early_problem(request, alone)) {
                    send(*problem, response);
                    return httplib::Server::HandlerResponse::Handled;
                }
                if (request.method != "PATCH" || says_length(request))
                    return httplib::Server::HandlerResponse::Unhandled;
                // Nothing is asked so, and the library would wait for a body.
                response.status = 404;
                return httplib::Server::HandlerResponse::Handled;
            });
    }

    void add_errors() {
        server_.set_error_handler([](const httplib::Request& request, httplib::Response& response) {
            if (!response.body.empty() || response.status < 400) return;
            const std::string allowed = methods_of(request.path);
            const bool listed = (", " + allowed + ",").find(", " + request.method + ",") != std::string::npos;
            if (!allowed.empty() && !listed) {
                response.set_header("Allow", allowed);
                return send(Problem{405, request.path + " is asked by " + allowed}, response);
            }
            // The library reads the body of what nobody answers as a form, and calls most of them too large.
            if (allowed.empty() && response.status == 413) response.status = 404;
            const std::string what = response.status == 404   ? request.path + ": there is nothing here"
                                     : response.status == 414 ? "the address of the request is too long"
                                                              : "the request cannot be answered";
            send(Problem{response.status, what}, response);
        });
    }

    void add_gets() {
        server_.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
            response.set_content("{\"status\":\"ok\"}\n", "application/json");
        });
        server_.Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
            if (!service_.ready()) return send(Problem{503, "the model is being loaded"}, response);
            response.set_content("{\"status\":\"ready\"}\n", "application/json");
        });
        server_.Get("/metrics", [this](const httplib::Request& request, httplib::Response& response) {
            answered(response, [&] {
                require_token(request);
                send(service_.metrics(), response);
            });
        });
        server_.Get("/v1/version", [this](const httplib::Request& request, httplib::Response& response) {
            counted("/v1/version", response, [&] {
                require_token(request);
                send(service_.version(), response);
            });
        });
    }

    void add_questions() {
        const auto add = [this](const std::string& path, PhotoService::Question question) {
            server_.Post(path,
                         [this, path, question](const httplib::Request& request, httplib::Response& response,
                                                const httplib::ContentReader& reader) {
                             counted(path, response, [&] { ask(question, request, response, reader); });
                         });
        };
        add("/v1/score", PhotoService::Question::score);
        add("/v1/crop", PhotoService::Question::crop);
        add("/v1/explain", PhotoService::Question::explain);
        server_.Post("/v1/pick", [this](const httplib::Request& request, httplib::Response& response,
                                        const httplib::ContentReader& reader) {
            counted("/v1/pick", response, [&] { pick(read_query(request, reader), response); });
        });
    }

    void pick(Query query, httplib::Response& response) {
        if (query.type != "application/x-ndjson")
            throw Problem{415, "photos to pick from are lines of application/x-ndjson"};
        allow_parameters(query, "profile cover");
        const auto whole = std::make_shared<const Query>(std::move(query));
        const auto picking = std::make_shared<const PhotoService::Picking>(service_.pick(*whole));
        send_lines(response, [whole, picking](httplib::DataSink& sink) {
            const std::string rows = (*picking)([&] { return sink.is_writable(); });
            sink.write(rows.data(), rows.size());
        });
    }

    /// Lines that are written as they are made. Where that fails the connection ends early, which the reader
    /// sees.
    template <typename Write>
    static void send_lines(httplib::Response& response, Write write) {
        response.set_chunked_content_provider("application/x-ndjson",
                                              [write](std::size_t, httplib::DataSink& sink) {
                                                  try {
                                                      write(sink);
                                                  } catch (...) {
                                                      return false;
                                                  }
                                                  sink.done();
                                                  return true;
                                              });
    }

    void ask(PhotoService::Question question, const httplib::Request& request, httplib::Response& response,
             const httplib::ContentReader& reader) {
        Query query = read_query(request, reader);
        if (query.type != "application/x-ndjson")
            return send(service_.answer(question, std::move(query)), response);
        if (!service_.ready()) throw Problem{503, "the model is being loaded"};
        PhotoService::check_lines(question, query);
        const auto whole = std::make_shared<Query>(std::move(query));
        send_lines(response, [this, question, whole](httplib::DataSink& sink) {
            service_.answer_lines(
                question, *whole, [&](const std::string& row) { return sink.write(row.data(), row.size()); },
                [&] { return sink.is_writable(); });
        });
    }

    void add_profiles() {
        const std::string one = R"(/v1/profiles/([^/]+))";
        server_.Get(one, [this](const httplib::Request& request, httplib::Response& response) {
            counted("/v1/profiles", response, [&] {
                require_token(request);
                send(service_.profile(request.matches[1], query_of(request)), response);
            });
        });
        server_.Put(one, [this](const httplib::Request& request, httplib::Response& response,
                                const httplib::ContentReader& reader) {
            counted("/v1/profiles", response, [&] {
                send(service_.put_profile(request.matches[1], read_query(request, reader)), response);
            });
        });
        server_.Post(one + "/ratings", [this](const httplib::Request& request, httplib::Response& response,
                                              const httplib::ContentReader& reader) {
            counted("/v1/profiles/ratings", response,
                    [&] { send(service_.rate(request.matches[1], read_query(request, reader)), response); });
        });
    }

    bool is_welcome(const httplib::Request& request) const {
        if (options_.token.empty()) return true;
        const std::string said = request.get_header_value("Authorization"), scheme = "Bearer ";
        return boost::istarts_with(said, scheme) && same_secret(said.substr(scheme.size()), options_.token);
    }

    void require_token(const httplib::Request& request) const {
        if (!is_welcome(request)) throw Problem{401, "a token is needed: Authorization: Bearer TOKEN"};
    }

    /// A body is read to its end in any case: where bytes are left the system takes the connection down, and
    /// the answer with it.
    Query read_query(const httplib::Request& request, const httplib::ContentReader& reader) {
        Query query = query_of(request);
        BodyReader(request, reader, options_, held_, is_welcome(request)).read_into(query);
        require_token(request);
        return query;
    }

    template <typename Work>
    void counted(const std::string& path, httplib::Response& response, Work work) {
        const auto begin = Clock::now();
        response.status = 200;
        answered(response, work);
        service_.counts().answered(path, response.status,
                                   std::chrono::duration<double>(Clock::now() - begin).count());
    }

    ServiceOptions options_;
    std::atomic<std::size_t> held_ = 0;
    PhotoService service_;
    httplib::Server server_;
};

}  // namespace

int serve_http(const ServiceOptions& options, std::ostream& out, std::ostream& err,
               const std::function<bool()>& stop) {
    if (options.token.empty() && options.socket.empty() && !is_loopback(options.host))
        throw Error(ErrorCode::bad_argument, options.host +
                                                 " can be reached from other machines and needs a token: " +
                                                 "--token-file FILE, or PIAA_TOKEN");
    HttpServer http(options);
    std::atomic<bool> failed = false;
    std::optional<Listener> listener;
    try {
        if (options.socket.empty())
            listener.emplace(http.server(), options.host, options.port);
        else
            listener.emplace(http.server(), options.socket);
    } catch (const Error& error) {
        err << "piaa-batch: " << error.what() << std::endl;
        return cannot_start;
    }
    out << (options.socket.empty() ? "http://" : "unix:") << listener->address() << std::endl;
    std::jthread loader([&] {
        try {
            http.service().start();
            err << "piaa-batch: ready" << std::endl;
        } catch (const Error& error) {
            err << "piaa-batch: " << printable(error.what()) << std::endl;
            failed = true;
        }
    });
    while (!failed && !stop()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    http.service().end();
    listener.reset();
    return failed ? cannot_start : ExitCode::done;
}

}  // namespace piaa::cli
