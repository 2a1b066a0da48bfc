#include "io/tensor_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <set>

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/whole_file.h>

#include "io/half.h"

namespace piaa {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using nlohmann::json;

constexpr std::uint64_t length_bytes = 8;
constexpr std::uint64_t max_header = 100'000'000;
constexpr int max_nesting = 4;

using Type = NumberType;

struct Entry {
    std::string name;
    Type type = Type::f32;
    std::vector<std::int64_t> shape;
    std::uint64_t count = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

[[noreturn]] void refuse(const std::string& file, const std::string& reason) {
    throw Error(ErrorCode::bad_model, file + ": " + reason);
}

/// Refuses what nlohmann-json lets pass: a key twice in one object, and deep nesting.
class StrictParsing {
public:
    explicit StrictParsing(const std::string& file) : file_(file) {}

    bool operator()(int depth, json::parse_event_t event, const json& parsed) {
        if (depth > max_nesting) refuse(file_, "header is nested deeper than 4 levels");
        if (event == json::parse_event_t::object_start) keys_.emplace_back();
        if (event == json::parse_event_t::object_end) keys_.pop_back();
        if (event == json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second)
            refuse(file_, "header names \"" + parsed.get<std::string>() + "\" twice");
        return true;
    }

private:
    const std::string& file_;
    std::vector<std::set<std::string>> keys_;
};

json parse_header(std::string_view text, const std::string& file) {
    if (text.empty() || text.front() != '{') refuse(file, "header does not begin with {");
    try {
        return json::parse(text.begin(), text.end(), StrictParsing{file});
    } catch (const json::exception&) {
        refuse(file, "header is not valid JSON");
    }
}

std::uint64_t whole_number(const json& value, const std::string& what, const std::string& file) {
    if (!value.is_number_unsigned()) refuse(file, what + " holds something else than whole numbers from 0");
    return value.get<std::uint64_t>();
}

std::uint64_t type_size(Type type) {
    return type == Type::f64 ? 8 : type == Type::f32 ? 4 : type == Type::i8 ? 1 : 2;
}

Entry read_entry(const std::string& name, const json& description, bool whole_numbers,
                 const std::string& file) {
    const std::string what = "tensor " + name;
    if (!description.is_object() || description.size() != 3 || !description.contains("dtype") ||
        !description.contains("shape") || !description.contains("data_offsets"))
        refuse(file, what + " should have exactly dtype, shape and data_offsets");
    Entry entry;
    entry.name = name;

    const json& type = description["dtype"];
    if (type == "F64")
        entry.type = Type::f64;
    else if (type == "F32")
        entry.type = Type::f32;
    else if (type == "F16")
        entry.type = Type::f16;
    else if (type == "BF16")
        entry.type = Type::bf16;
    else if (whole_numbers && type == "I8")
        entry.type = Type::i8;
    else
        refuse(file, what + " has type " + type.dump(-1, ' ', true, json::error_handler_t::replace) +
                         " and should have F64, F32, F16 or BF16");

    const json& shape = description["shape"];
    if (!shape.is_array() || shape.size() > 8) refuse(file, what + " has no shape of at most 8 sides");
    std::uint64_t bytes = type_size(entry.type);
    entry.count = 1;
    for (const json& side : shape) {
        const std::uint64_t length = whole_number(side, what + ": shape", file);
        constexpr auto limit = std::uint64_t{1} << 62;
        if (__builtin_mul_overflow(bytes, length, &bytes) || bytes > limit || length > limit)
            refuse(file, what + " is too large");
        entry.count *= length;
        entry.shape.push_back(static_cast<std::int64_t>(length));
    }

    const json& offsets = description["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2) refuse(file, what + " should have two data_offsets");
    entry.begin = whole_number(offsets[0], what + ": data_offsets", file);
    entry.end = whole_number(offsets[1], what + ": data_offsets", file);
    if (entry.end < entry.begin || entry.end - entry.begin != bytes)
        refuse(file, what + " has data of another length than its shape");
    return entry;
}

/// The tensors must lie one after the other and fill the data part, without holes and overlaps.
void check_layout(std::vector<Entry>& entries, std::uint64_t data_size, const std::string& file) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::pair{a.begin, a.end} < std::pair{b.begin, b.end};
    });
    std::uint64_t position = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != position)
            refuse(file, "tensor " + entry.name + " begins at byte " + std::to_string(entry.begin) +
                             " and should at " + std::to_string(position));
        position = entry.end;
    }
    if (position != data_size)
        refuse(file, "data has " + std::to_string(data_size) + " bytes and should have " +
                         std::to_string(position));
}

template <typename Stored, typename Convert>
void convert(const std::byte* bytes, std::vector<float>& values, Convert to_float) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes + i * sizeof stored, sizeof stored);
        values[i] = to_float(stored);
    }
}

Tensor read_values(const Entry& entry, const std::byte* data, const std::string& file) {
    Tensor tensor{entry.shape, std::vector<float>(entry.count)};
    const std::byte* bytes = data + entry.begin;
    switch (entry.type) {
        case Type::f64:
            convert<double>(bytes, tensor.values, [](double v) { return static_cast<float>(v); });
            break;
        case Type::f32:
            convert<float>(bytes, tensor.values, [](float v) { return v; });
            break;
        case Type::f16:
            convert<std::uint16_t>(bytes, tensor.values, from_half);
            break;
        case Type::bf16:
            convert<std::uint16_t>(bytes, tensor.values, from_bfloat16);
            break;
        case Type::i8:  // read_entries() lets none pass
            break;
    }
    if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float v) { return std::isfinite(v); }))
        refuse(file, "tensor " + entry.name + " holds a value that is not finite");
    return tensor;
}

struct Contents {
    std::map<std::string, std::string> metadata;
    std::vector<Entry> entries;
    std::span<const std::byte> data;
};

Contents read_header(std::span<const std::byte> bytes, bool whole_numbers, const std::string& name) {
    if (bytes.size() < length_bytes)
        refuse(name,
               "file of " + std::to_string(bytes.size()) + " bytes is too short for a safetensors file");
    std::uint64_t header_size = 0;
    std::memcpy(&header_size, bytes.data(), length_bytes);
    if (header_size > max_header || header_size > bytes.size() - length_bytes)
        refuse(name, "header of " + std::to_string(header_size) + " bytes does not fit in the file");
    const json header =
        parse_header({reinterpret_cast<const char*>(bytes.data()) + length_bytes, header_size}, name);

    Contents contents;
    contents.data = bytes.subspan(length_bytes + header_size);
    for (const auto& [key, description] : header.items()) {
        if (key != "__metadata__") {
            contents.entries.push_back(read_entry(key, description, whole_numbers, name));
            continue;
        }
        if (!description.is_object()) refuse(name, "metadata is not an object");
        for (const auto& [field, value] : description.items()) {
            if (!value.is_string()) refuse(name, "metadata \"" + field + "\" is not text");
            contents.metadata[field] = value.get<std::string>();
        }
    }
    check_layout(contents.entries, contents.data.size(), name);
    return contents;
}

}  // namespace

TensorFile parse_tensor_file(std::span<const std::byte> bytes, const std::string& name) {
    const Contents contents = read_header(bytes, /*whole_numbers=*/false, name);
    TensorFile file{contents.metadata, {}};
    for (const Entry& entry : contents.entries)
        file.tensors[entry.name] = read_values(entry, contents.data.data(), name);
    return file;
}

TensorViews parse_tensor_views(std::span<const std::byte> bytes, const std::string& name) {
    const Contents contents = read_header(bytes, /*whole_numbers=*/true, name);
    TensorViews views{contents.metadata, {}};
    for (const Entry& entry : contents.entries)
        views.tensors[entry.name] = {entry.type, entry.shape,
                                     contents.data.subspan(entry.begin, entry.end - entry.begin)};
    return views;
}

TensorFile read_tensor_file(const boost::filesystem::path& file) {
    const auto bytes = read_whole_file(file, max_tensor_file);
    return parse_tensor_file(bytes, file.string());
}

void write_tensor_file(const boost::filesystem::path& file, const TensorFile& contents, Precision precision) {
    const bool half = precision == Precision::float16;
    json header = json::object();
    if (!contents.metadata.empty()) header["__metadata__"] = contents.metadata;
    std::uint64_t size = 0;
    for (const auto& [name, tensor] : contents.tensors) {
        const std::uint64_t end = size + tensor.values.size() * (half ? 2 : 4);
        header[name] = {
            {"dtype", half ? "F16" : "F32"}, {"shape", tensor.shape}, {"data_offsets", {size, end}}};
        size = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // the data begins at a multiple of 8 bytes

    std::vector<std::byte> bytes(length_bytes + text.size() + size);
    const std::uint64_t header_size = text.size();
    std::memcpy(bytes.data(), &header_size, length_bytes);
    std::memcpy(bytes.data() + length_bytes, text.data(), text.size());
    std::byte* position = bytes.data() + length_bytes + text.size();
    for (const auto& [name, tensor] : contents.tensors) {
        for (const float value : tensor.values) {
            if (!std::isfinite(half ? from_half(to_half(value)) : value))
                throw Error(ErrorCode::bad_argument, file.string() + ": tensor " + name + " holds " +
                                                         std::to_string(value) + ", which cannot be stored");
            const std::uint16_t stored = to_half(value);
            std::memcpy(position, half ? static_cast<const void*>(&stored) : &value, half ? 2 : 4);
            position += half ? 2 : 4;
        }
    }
    write_whole_file(file, bytes);
}

}  // namespace piaa
