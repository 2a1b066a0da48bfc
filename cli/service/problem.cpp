#include "service/problem.h"

#include <map>

#include <boost/algorithm/string/replace.hpp>
#include <nlohmann/json.hpp>

#include "report/report.h"

namespace piaa::cli {

std::string title_of(int status) {
    static const std::map<int, std::string> titles = {{400, "Bad Request"},
                                                      {401, "Unauthorized"},
                                                      {403, "Forbidden"},
                                                      {404, "Not Found"},
                                                      {405, "Method Not Allowed"},
                                                      {406, "Not Acceptable"},
                                                      {408, "Request Timeout"},
                                                      {409, "Conflict"},
                                                      {411, "Length Required"},
                                                      {413, "Content Too Large"},
                                                      {414, "URI Too Long"},
                                                      {415, "Unsupported Media Type"},
                                                      {422, "Unprocessable Content"},
                                                      {429, "Too Many Requests"},
                                                      {500, "Internal Server Error"},
                                                      {502, "Bad Gateway"},
                                                      {503, "Service Unavailable"},
                                                      {504, "Gateway Timeout"}};
    const auto found = titles.find(status);
    return found == titles.end() ? "Error" : found->second;
}

std::string problem_json(const Problem& problem) {
    return json_line({{"type", "about:blank"},
                      {"title", title_of(problem.status)},
                      {"status", problem.status},
                      {"detail", problem.detail}}) +
           '\n';
}

Error called(const Error& error, const boost::filesystem::path& file, const std::string& name) {
    return {error.code(), boost::replace_all_copy(std::string(error.what()), file.string(), name)};
}

Problem problem_of(const Error& error) {
    switch (error.code()) {
        case ErrorCode::bad_argument:
        case ErrorCode::bad_preset:
        case ErrorCode::bad_data:
            return {400, error.what()};
        case ErrorCode::bad_image:
        case ErrorCode::bad_profile:
            return {422, error.what()};
        case ErrorCode::io:
            return {404, error.what()};
        case ErrorCode::bad_model:
        case ErrorCode::device:
        case ErrorCode::cancelled:
            break;
    }
    return {503, error.what()};
}

}  // namespace piaa::cli
