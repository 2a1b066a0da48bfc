#include "run/photo_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <nlohmann/json.hpp>

#include "console/base64.h"
#include "run/line_reader.h"
#include "run/parsed_json.h"

using Json = nlohmann::json;

namespace piaa::cli {
namespace {

/// A photo of 400 MB as base64; a line without an end should not fill the memory.
constexpr std::size_t longest_line = std::size_t{540} << 20;

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_data, reason);
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return "";
    if (!found->is_string()) refuse(std::string("its ") + key + " should be text");
    const auto& text = found->get_ref<const std::string&>();
    // The file system would read it up to there.
    if (text.find('\0') != std::string::npos) refuse(std::string("its ") + key + " holds a zero byte");
    return text;
}

/// A number as its text; beyond 64 bits it would come back as another one.
std::string exact_number(const Json& number) {
    constexpr double exact = 9007199254740992;  // 2^53
    if (number.is_number_float() && std::abs(number.get<double>()) >= exact)
        refuse("its id is a number of more than 64 bits and should be text");
    return number.dump();
}

void check_keys(const Json& object, bool urls) {
    for (const auto& [key, value] : object.items()) {
        constexpr std::array known = {"id", "path", "base64", "profile"};
        if (std::find(known.begin(), known.end(), key) == known.end() && !(urls && key == "url"))
            refuse("has '" + key + "' and should have id, path, base64" + (urls ? ", url" : "") +
                   " and profile at most");
    }
}

void read_object(const std::string& text, const LineForm& form, Photo& photo) {
    const auto [object, repeated] = parsed_json(text);
    if (!object.is_object()) refuse("starts like JSON and is damaged or cut off");
    const auto id = object.find("id");
    if (id != object.end() && id->is_string()) photo.id = id->get<std::string>();
    if (id != object.end() && id->is_number()) photo.id = exact_number(*id);
    if (repeated) refuse("has '" + *repeated + "' more than once and should have it once");
    photo.file = text_of(object, "path");
    photo.profile = text_of(object, "profile");
    if (id != object.end() && !id->is_string() && !id->is_number() && !id->is_null())
        refuse("its id should be text or a number");
    check_keys(object, form.urls);
    photo.url = text_of(object, "url");
    if (object.contains("base64")) {
        if (!photo.url.empty()) refuse("has base64 and url and should have one of them");
        if (photo.file.empty()) photo.file = photo.id;
        const auto bytes = from_base64(text_of(object, "base64"));
        if (!bytes) refuse("its base64 is damaged or cut off");
        photo.bytes = std::make_shared<const FileBytes>(std::as_bytes(std::span(*bytes)));
    } else if (!photo.url.empty()) {
        if (photo.file.empty()) photo.file = photo.url;
    } else if (photo.file.empty()) {
        refuse(form.urls ? "has no path, no base64 and no url and should have one of them"
                         : "has no path and no base64 and should have one of them");
    }
}

void read_line(std::string line, const LineForm& form, Photo& photo) {
    if (line.find('\0') != std::string::npos) refuse("holds a zero byte");  // a path would end there
    if (form.keys) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos) refuse("has no tab and should be a key, a tab and a path");
        photo.id = line.substr(0, tab);
        line.erase(0, tab + 1);
    }
    if (!form.nul_separated && !form.keys && line.starts_with('{'))
        read_object(line, form, photo);
    else if (line.empty())
        refuse("is empty and should be a path");
    else
        photo.file = std::move(line);
}

/// Programs of other systems end lines with CR LF, and begin a text with a mark of its byte order.
void drop_marks(std::string& line, bool first) {
    if (line.ends_with('\r')) line.pop_back();
    if (first && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
}

Error named(const Error& error, std::size_t number) {
    return {error.code(), "line " + std::to_string(number) + ": " + error.what()};
}

}  // namespace

Photo photo_of_line(std::string line, const LineForm& form, std::size_t number) {
    Photo photo;
    if (!form.nul_separated) drop_marks(line, number == 1);
    try {
        read_line(std::move(line), form, photo);
    } catch (const Error& error) {
        photo.problem = named(error, number);
    }
    return photo;
}

PhotoSource photo_lines(int descriptor, const LineForm& form, int wake) {
    return [reader = std::make_shared<LineReader>(descriptor, form.nul_separated ? '\0' : '\n', wake,
                                                  longest_line),
            form, number = std::size_t{0}]() mutable -> std::optional<Photo> {
        auto line = reader->next();
        while (line && form.nul_separated && line->text.empty()) line = reader->next();
        if (!line) return std::nullopt;
        ++number;
        if (!line->too_long) return photo_of_line(std::move(line->text), form, number);
        Photo photo;
        photo.problem = named(
            {ErrorCode::bad_data, "is longer than " + std::to_string(longest_line >> 20) + " MB"}, number);
        return photo;
    };
}

}  // namespace piaa::cli
