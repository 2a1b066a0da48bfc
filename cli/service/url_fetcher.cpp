#include "service/url_fetcher.h"

#include <algorithm>
#include <span>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <curl/curl.h>

#include <piaa/error.h>
#include <piaa/parse_number.h>
#include <piaa/piaa.h>

#include "service/problem.h"

namespace piaa::cli {
namespace {

constexpr std::size_t most_held = 4;  // photos of the largest size
constexpr std::chrono::milliseconds longest_connecting = std::chrono::seconds(10);

/// A URL as libcurl reads it.
class Url {
public:
    /// Throws Problem for what is none of http or https, or names a user.
    explicit Url(const std::string& text) : handle_(curl_url(), curl_url_cleanup) {
        const auto refuse = [&](const std::string& why) { throw Problem{400, text + ": " + why}; };
        if (text.find('\0') != std::string::npos) throw Problem{400, "'url' holds a zero byte"};
        const CURLUcode code = curl_url_set(handle_.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER);
        if (code == CURLUE_USER_NOT_ALLOWED) refuse("names a user and should not, nobody is logged in");
        const std::string scheme = code == CURLUE_OK ? part(CURLUPART_SCHEME) : "";
        if (scheme != "http" && scheme != "https") refuse("should be a URL of http or https");
    }

    CURLU* handle() const { return handle_.get(); }
    std::string host() const { return boost::to_lower_copy(part(CURLUPART_HOST)); }
    int usual_port() const { return part(CURLUPART_SCHEME) == "https" ? 443 : 80; }
    /// 0 for one that is not named.
    int port() const { return parse_number<int>(part(CURLUPART_PORT)).value_or(0); }

private:
    std::string part(CURLUPart which) const {
        char* text = nullptr;
        if (curl_url_get(handle_.get(), which, &text, 0) != CURLUE_OK) return "";
        const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
        return text;
    }

    std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle_;
};

/// One for each thread, which keeps connections for the photos that follow.
CURL* fresh_handle() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    thread_local const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                                  curl_easy_cleanup);
    if (started != CURLE_OK || !handle) throw Problem{503, "photos cannot be fetched now"};
    curl_easy_reset(handle.get());
    return handle.get();
}

/// Counts bytes as long as somebody uses them.
class Share {
public:
    explicit Share(std::shared_ptr<std::atomic<std::size_t>> of) : of_(std::move(of)) {}
    ~Share() { *of_ -= bytes_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// How much all hold now.
    std::size_t add(std::size_t bytes) {
        bytes_ += bytes;
        return *of_ += bytes;
    }

private:
    std::shared_ptr<std::atomic<std::size_t>> of_;
    std::size_t bytes_ = 0;
};

/// A photo on its way.
struct Transfer {
    CURL* handle;
    std::size_t largest;
    const std::function<bool()>& stop;
    std::shared_ptr<Share> share;
    std::string body = {};
    bool too_large = false, too_many = false, stopped = false;

    long status() const {
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        return status;
    }
};

/// For libcurl: takes less than it is given to end the transfer.
std::size_t take(const char* data, std::size_t, std::size_t length, void* to) {
    auto& transfer = *static_cast<Transfer*>(to);
    if (transfer.status() != 200) return 0;  // its body is no photo
    transfer.too_large = transfer.body.size() + length > transfer.largest;
    if (transfer.too_large) return 0;
    transfer.too_many = transfer.share->add(length) > most_held * transfer.largest;
    if (transfer.too_many) return 0;
    transfer.body.append(data, length);
    return length;
}

/// For libcurl, about once a second: anything but 0 ends the transfer.
int go_on(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(to);
    transfer.stopped = transfer.stop();
    return transfer.stopped;
}

CURLcode perform(Transfer& transfer, const Url& url, std::chrono::milliseconds limit) {
    const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(transfer.handle, option, value); };
    static const std::string agent = std::string("piaa-batch/") + version();
    set(CURLOPT_CURLU, url.handle());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, agent.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(limit, longest_connecting).count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(transfer.largest));
    set(CURLOPT_WRITEFUNCTION, &take);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &go_on);
    set(CURLOPT_XFERINFODATA, &transfer);
    return curl_easy_perform(transfer.handle);
}

std::string refused_answer(long status) {
    const std::string answer = "the host answered " + std::to_string(status);
    return status / 100 == 3 ? answer + ", and redirects are not followed" : answer;
}

/// Throws what became of a transfer that brought no photo.
void check(const Transfer& transfer, CURLcode code) {
    if (transfer.stopped) throw Problem{503, "the service ends"};
    if (transfer.too_many) throw Problem{503, "photos that were fetched take up the memory"};
    const long status = transfer.status();
    if (status == 404 || status == 410) throw Problem{404, "is not there"};
    if (status != 0 && status != 200) throw Problem{502, refused_answer(status)};
    if (transfer.too_large || code == CURLE_FILESIZE_EXCEEDED)
        throw Problem{413, "is larger than " + std::to_string(transfer.largest) + " bytes"};
    if (code == CURLE_OPERATION_TIMEDOUT) throw Problem{504, "did not come in time"};
    if (code != CURLE_OK) throw Problem{502, std::string("cannot be fetched: ") + curl_easy_strerror(code)};
}

}  // namespace

AllowedHost parse_allowed_host(const std::string& text) {
    try {
        const Url url("http://" + text);
        AllowedHost host{url.host(), url.port()};
        // Nothing else stands there, and it is spelled as it is compared.
        if (boost::to_lower_copy(text) == host.name + (host.port == 0 ? "" : ':' + std::to_string(host.port)))
            return host;
    } catch (const Problem&) {
    }
    throw Error(
        ErrorCode::bad_argument,
        "host '" + text + "' should be a name or an address, and perhaps a port, as images.example.com:8080");
}

UrlFetcher::UrlFetcher(std::vector<AllowedHost> hosts, std::size_t largest, std::chrono::milliseconds limit)
    : hosts_(std::move(hosts)),
      largest_(largest),
      limit_(limit),
      held_(std::make_shared<std::atomic<std::size_t>>(0)) {}

bool UrlFetcher::allows(const std::string& host, int port, int usual_port) const {
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const AllowedHost& allowed) {
        const auto or_usual = [&](int named) { return named == 0 ? usual_port : named; };
        return allowed.name == host && or_usual(allowed.port) == or_usual(port);
    });
}

std::shared_ptr<const FileBytes> UrlFetcher::fetch(const std::string& url,
                                                   const std::function<bool()>& stop) const {
    if (hosts_.empty())
        throw Problem{403, "URLs are not fetched (there is no --allow-host); send the photo itself"};
    const Url parsed(url);
    if (!allows(parsed.host(), parsed.port(), parsed.usual_port()))
        throw Problem{403, url + ": photos are not fetched from that host, which --allow-host does not name"};
    Transfer transfer{fresh_handle(), largest_, stop, std::make_shared<Share>(held_)};
    try {
        check(transfer, perform(transfer, parsed, limit_));
    } catch (const Problem& problem) {
        throw Problem{problem.status, url + ": " + problem.detail};
    }
    struct Held {
        FileBytes bytes;
        std::shared_ptr<Share> share;
    };
    const auto held = std::make_shared<const Held>(
        Held{FileBytes(std::as_bytes(std::span(transfer.body))), transfer.share});
    return {held, &held->bytes};
}

}  // namespace piaa::cli
