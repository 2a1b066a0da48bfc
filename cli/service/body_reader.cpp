#include "service/body_reader.h"

#include <cstdlib>
#include <utility>

namespace piaa::cli {
namespace {

constexpr std::size_t most_held = 4;  // bodies of the largest size

}  // namespace

BodyReader::BodyReader(const httplib::Request& request, const httplib::ContentReader& reader,
                       const ServiceOptions& options, std::atomic<std::size_t>& held, bool welcome)
    : request_(request),
      reader_(reader),
      options_(options),
      held_(held),
      welcome_(welcome),
      end_(Clock::now() + options.body_limit) {}

void BodyReader::read_into(Query& query) {
    const bool whole = request_.is_multipart_form_data() ? read_parts(query) : read_plain(query);
    if (too_many_) throw Problem{503, "the bodies of other requests take up the memory"};
    if (!too_late_ && !too_large_ && whole) return;
    // The library reads on and throws away what says beforehand that it is too large.
    const std::string length = request_.get_header_value("Content-Length");
    too_large_ = too_large_ || std::strtoull(length.c_str(), nullptr, 10) > options_.largest;
    if (too_large_)
        throw Problem{413, "the body is larger than " + std::to_string(options_.largest) + " bytes"};
    if (Clock::now() < end_)  // nobody was waited for
        throw Problem{400, "the body ends early, or its chunks or its multipart/form-data are broken"};
    throw Problem{408, "the body did not arrive in time"};
}

bool BodyReader::take(std::string& to, const char* data, std::size_t length) {
    taken_ += length;
    too_large_ = too_large_ || taken_ > options_.largest;
    // A large body may take longer: it has to arrive at 1 MB a second.
    too_late_ = too_late_ || Clock::now() >= end_ + std::chrono::milliseconds(taken_ / 1000);
    if (too_large_ || too_late_) return false;
    if (!welcome_ || too_many_) return true;
    kept_ += length;
    too_many_ = (held_ += length) > most_held * options_.largest;
    to.append(data, length);
    return true;
}

bool BodyReader::read_plain(Query& query) {
    return reader_([&](const char* data, std::size_t length) { return take(query.body, data, length); });
}

/// `image` is the photo; every other field is a parameter.
bool BodyReader::read_parts(Query& query) {
    std::string name, value, type;
    std::size_t images = 0;
    const auto finish = [&] {
        if (name == "image") {
            ++images;
            query.body = std::move(value);
            query.type = type.empty() ? "application/octet-stream" : media_type(type);
        } else if (!name.empty()) {
            query.parameters.emplace(name, value);
        }
        value.clear();
    };
    query.type.clear();
    const bool whole = reader_(
        [&](const httplib::MultipartFormData& part) {
            finish();
            name = part.name;
            type = part.content_type;
            return true;
        },
        [&](const char* data, std::size_t length) { return take(value, data, length); });
    finish();
    if (whole && images > 1)
        throw Problem{400,
                      "there are " + std::to_string(images) + " parts 'image'; send one photo, or lines"};
    return whole;
}

}  // namespace piaa::cli
