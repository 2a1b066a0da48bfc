#include "service/photo_question.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <span>
#include <sstream>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/parse_number.h>

#include "console/base64.h"
#include "run/parsed_json.h"
#include "service/problem.h"

using Json = nlohmann::json;
namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

[[noreturn]] void refuse(int status, const std::string& detail) {
    throw Problem{status, detail};
}

/// Parameters that may be given several times.
bool is_list(const std::string& name) {
    constexpr std::array lists = {"preset", "aspect", "keep", "text", "text-colour"};
    return std::find(lists.begin(), lists.end(), name) != lists.end();
}

std::string as_parameter(const std::string& name, const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || (value.is_boolean() && name != "id")) return value.dump();
    refuse(400, "'" + name + "' should be text or a number" + (is_list(name) ? ", or a list of them" : ""));
}

/// A parameter of the body, which nothing beside the body may name too.
void add_parameter(const std::string& name, const Json& value, const decltype(Query::parameters)& beside,
                   Query& query) {
    if (beside.contains(name)) refuse(400, "'" + name + "' is given in the JSON and beside it; give it once");
    if (!value.is_array() || !is_list(name)) {
        query.parameters.emplace(name, as_parameter(name, value));
        return;
    }
    for (const Json& each : value) query.parameters.emplace(name, as_parameter(name, each));
}

std::shared_ptr<const FileBytes> file_of(const std::string& bytes) {
    return std::make_shared<const FileBytes>(std::as_bytes(std::span(bytes)));
}

/// The bytes where they are there; else the path or URL becomes a parameter.
std::shared_ptr<const FileBytes> read_image_object(const Json& image, Query& query) {
    if (!image.is_object() || image.size() != 1)
        refuse(400, "'image' should be an object with one of 'base64', 'path' and 'url'");
    const std::string kind = image.begin().key();
    const Json& value = image.begin().value();
    if (!value.is_string() || (kind != "base64" && kind != "path" && kind != "url"))
        refuse(400, "'image' should have 'base64', 'path' or 'url', and that should be text");
    if (kind != "base64") {
        if (query.parameters.contains(kind))
            refuse(400, "'" + kind + "' is given in 'image' and beside it; give it once");
        query.parameters.emplace(kind, value.get<std::string>());
        return nullptr;
    }
    const auto bytes = from_base64(value.get_ref<const std::string&>());
    if (!bytes) refuse(400, "'base64' is damaged or cut off");
    return file_of(*bytes);
}

std::vector<std::string> values_of(const Query& query, const char* name) {
    std::vector<std::string> values;
    const auto [first, last] = query.parameters.equal_range(name);
    for (auto each = first; each != last; ++each) values.push_back(each->second);
    return values;
}

/// On the command line a preset may be a file; a caller has no business with this machine's.
std::vector<std::string> named_presets(std::vector<std::string> names) {
    for (const std::string& name : names)
        if (name.find('/') != std::string::npos)
            refuse(400,
                   "'preset' is '" + name + "' and should be a name, as piaa-batch preset list gives them");
    return names;
}

/// The values of a header that lists some, without the blanks around them.
std::vector<std::string> parts_of(const std::string& header, char separator) {
    std::vector<std::string> parts;
    boost::split(parts, header, [separator](char c) { return c == separator; });
    for (std::string& part : parts) boost::trim(part);
    return parts;
}

}  // namespace

std::string media_type(const std::string& header) {
    return boost::to_lower_copy(header.substr(0, header.find_first_of("; ")));
}

std::string parameter(const Query& query, const std::string& name) {
    const auto end = query.parameters.upper_bound(name);
    return end != query.parameters.begin() && std::prev(end)->first == name ? std::prev(end)->second : "";
}

bool truth_of(const Query& query, const std::string& name, bool otherwise) {
    if (!query.parameters.contains(name)) return otherwise;
    const std::string text = parameter(query, name);
    if (text != "true" && text != "false")
        refuse(400, "'" + name + "' is '" + text + "' and should be true or false");
    return text == "true";
}

double number_of(const Query& query, const std::string& name, double low, double high, double otherwise) {
    if (!query.parameters.contains(name)) return otherwise;
    const std::string text = parameter(query, name);
    const auto number = parse_number<double>(text);
    if (!number || !(*number >= low && *number <= high))
        refuse(400, fmt::format("'{}' is '{}' and should be a number from {:.10g} to {:.10g}", name, text,
                                low, high));
    return *number;
}

std::size_t count_of(const Query& query, const std::string& name, double low, double high,
                     std::size_t otherwise) {
    const double number = number_of(query, name, low, high, static_cast<double>(otherwise));
    if (number != std::floor(number))
        refuse(400, "'" + name + "' is '" + parameter(query, name) + "' and should be a whole number");
    return static_cast<std::size_t>(number);
}

void allow_parameters(const Query& query, const std::string& names) {
    std::istringstream words(names);
    const std::vector<std::string> known{std::istream_iterator<std::string>(words), {}};
    for (const auto& [name, value] : query.parameters)
        if (std::find(known.begin(), known.end(), name) == known.end())
            refuse(400, "'" + name + "' is no parameter; " +
                            (names.empty() ? "there are none for lines" : "there are: " + names));
        else if (query.parameters.count(name) > 1 && !is_list(name))
            refuse(400, "'" + name + "' is given more than once; give it once");
}

Photo asked_photo(Query& query) {
    Photo photo;
    if (query.type == "application/json") {
        const auto [object, repeated] = parsed_json(std::exchange(query.body, {}));
        if (!object.is_object()) refuse(400, "the body should be a JSON object");
        if (repeated) refuse(400, "'" + *repeated + "' is given more than once in the JSON; give it once");
        const auto beside = query.parameters;
        for (const auto& [name, value] : object.items())
            if (name != "image") add_parameter(name, value, beside, query);
        if (object.contains("image")) photo.bytes = read_image_object(object["image"], query);
    } else if (!query.body.empty()) {
        const bool photo_like = query.type.starts_with("image/") ||
                                query.type == "application/octet-stream" ||
                                query.type == "application/x-www-form-urlencoded" || query.type.empty();
        if (!photo_like)
            refuse(415, "a body of type " + query.type + " cannot be read; send an image or JSON");
        photo.bytes = file_of(std::exchange(query.body, {}));
    }
    photo.id = parameter(query, "id");
    photo.file = parameter(query, "path");
    photo.url = parameter(query, "url");
    if (photo.bytes && !photo.url.empty()) refuse(400, "there is a photo and a 'url'; send one of them");
    photo.profile = parameter(query, "profile");
    if (photo.profile.empty() && query.parameters.contains("profile"))
        refuse(400, "'profile' is empty and should be a name");
    if (photo.file.string().find('\0') != std::string::npos) refuse(400, "'path' holds a zero byte");
    if (photo.file.empty()) photo.file = photo.url;
    if (!photo.bytes && photo.file.empty())
        refuse(400, "there is no photo: send one as the body, or name its path or url");
    return photo;
}

fs::path below_root(const fs::path& root, const fs::path& path) {
    if (root.empty()) refuse(403, "paths are not served (there is no --root); send the photo itself");
    boost::system::error_code problem;
    const fs::path outer = fs::canonical(root, problem);
    if (problem) refuse(503, "the folder of photos is not there");
    const fs::path file = fs::canonical(outer / path.relative_path(), problem);
    if (problem) refuse(404, path.string() + ": is not there");
    if (std::mismatch(outer.begin(), outer.end(), file.begin(), file.end()).first != outer.end())
        refuse(404, path.string() + ": is not there");  // and nobody learns what is outside
    return file;
}

std::vector<CropFormat> asked_formats(const CropRequest& request) {
    auto formats = requested_formats(request);
    if (const std::string idle = idle_text_wish(request, formats, ""); !idle.empty()) refuse(400, idle);
    return formats;
}

CropRequest asked_crops(const Query& query) {
    CropRequest request;
    const auto all = [&](const char* name) { return values_of(query, name); };
    try {
        request.presets = named_presets(all("preset"));
        request.aspects = all("aspect");
        request.count = count_of(query, "count", 1, 100, 3);
        request.looks = count_of(query, "looks", 0, 100, CropOptions().looks);
        for (const std::string& box : all("keep")) request.keep.push_back(parse_box(box));
        for (const std::string& box : all("blank")) request.blank = parse_box(box).box;
        for (const std::string& colour : all("text-colour"))
            request.text_style.colours.push_back(parse_colour(colour));
        request.text_style.least_contrast = number_of(query, "contrast", 1, 21, 0);
        request.faces = truth_of(query, "faces", true);
        request.margin = number_of(query, "margin", 0, 0.45, 0);
        request.min_kept = number_of(query, "min-kept", 0, 1, 0);
        for (const std::string& size : all("min-pixels")) request.min_pixels = parse_size(size);
        request.upscale = truth_of(query, "upscale", false);
        request.straighten = truth_of(query, "straighten", false);
        request.rank = truth_of(query, "rank-presets", false);
    } catch (const Error& error) {
        refuse(400, error.what());
    }
    return request;
}

bool knows(const Query& query, const std::string& tag) {
    const auto known = parts_of(query.known, ',');
    return std::any_of(known.begin(), known.end(),
                       [&](const std::string& each) { return each == tag || each == "W/" + tag; });
}

std::optional<double> wish_for(const Query& query, const std::string& type) {
    for (const std::string& range : parts_of(query.accept, ',')) {
        const auto parts = parts_of(range, ';');
        if (!boost::iequals(parts.front(), type)) continue;
        for (const std::string& part : parts)
            if (boost::istarts_with(part, "q=")) return parse_number<double>(part.substr(2)).value_or(1);
        return 1;
    }
    return std::nullopt;
}

double wish_for_json(const Query& query) {
    const auto row = wish_for(query, "application/json"), lines = wish_for(query, "application/x-ndjson");
    if (row || lines) return std::max(row.value_or(0), lines.value_or(0));
    const auto near = wish_for(query, "application/*");
    return near ? *near : wish_for(query, "*/*").value_or(0);
}

PosterTexts asked_texts(const Query& query, bool poster) {
    PosterTexts texts = values_of(query, "text");
    if (!texts.empty() && !poster)
        refuse(400, "'text' shows in a poster alone: ask for one by Accept: image/svg+xml");
    try {
        for (const std::string& text : texts) check_poster_text(text);
    } catch (const Error& error) {
        refuse(400, error.what());
    }
    return texts;
}

}  // namespace piaa::cli
