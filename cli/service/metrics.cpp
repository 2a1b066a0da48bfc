#include "service/metrics.h"

#include <locale>
#include <sstream>

namespace piaa::cli {

void Metrics::answered(const std::string& path, int status, double seconds) {
    const std::lock_guard lock(mutex_);
    ++requests_[{path, status}];
    seconds_[path] += seconds;
}

void Metrics::photo(bool well) {
    const std::lock_guard lock(mutex_);
    ++(well ? photos_ : failed_);
}

std::string Metrics::text(std::size_t working, std::size_t waiting) const {
    const std::lock_guard lock(mutex_);
    std::ostringstream out;
    out.imbue(std::locale::classic());
    const auto head = [&](const char* name, const char* kind, const char* help) {
        out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << kind << '\n';
    };
    head("piaa_requests_total", "counter", "Requests answered, by path and status.");
    for (const auto& [key, count] : requests_)
        out << "piaa_requests_total{path=\"" << key.first << "\",status=\"" << key.second << "\"} " << count
            << '\n';
    head("piaa_request_seconds_total", "counter", "Time that requests took, by path.");
    for (const auto& [path, seconds] : seconds_)
        out << "piaa_request_seconds_total{path=\"" << path << "\"} " << seconds << '\n';
    head("piaa_photos_total", "counter", "Photos that were looked at.");
    out << "piaa_photos_total " << photos_ << '\n';
    head("piaa_photos_failed_total", "counter", "Photos that could not be looked at.");
    out << "piaa_photos_failed_total " << failed_ << '\n';
    head("piaa_working", "gauge", "Requests that are worked on.");
    out << "piaa_working " << working << '\n';
    head("piaa_waiting", "gauge", "Requests that wait for work.");
    out << "piaa_waiting " << waiting << '\n';
    return out.str();
}

}  // namespace piaa::cli
