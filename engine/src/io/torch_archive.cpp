#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

#include "io/byte_reader.h"
#include "io/pickle.h"
#include "io/plain_dict.h"
#include "io/zip_archive.h"

namespace piaa {

namespace {

const std::string folder = "profile/";  // torch.load takes any name
constexpr std::size_t largest_pickle = 8 << 20;
constexpr std::size_t most_numbers = 8 << 20;                 // in all tensors together
constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::bad_profile, reason);
}

std::size_t size_of(PlainTensor::Type type) {
    return type == PlainTensor::Type::float32 ? sizeof(float) : sizeof(double);
}

template <typename Number>
void write_numbers(ByteWriter& out, const std::vector<double>& values) {
    for (const double value : values) {
        const auto number = static_cast<Number>(value);
        out.bytes(std::as_bytes(std::span(&number, 1)));
    }
}

ZipMember tensor_member(const std::string& name, const PlainTensor& tensor) {
    ByteWriter out;
    switch (tensor.type) {
        case PlainTensor::Type::float32:
            write_numbers<float>(out, tensor.values);
            break;
        case PlainTensor::Type::float64:
            write_numbers<double>(out, tensor.values);
            break;
        case PlainTensor::Type::int64:
            write_numbers<std::int64_t>(out, tensor.values);
            break;
    }
    return {name, out.take()};
}

/// Row by row: each step of a dimension passes over all that the later dimensions hold.
std::vector<std::int64_t> row_major_strides(const PlainTensor& tensor) {
    std::vector<std::int64_t> strides(tensor.shape.size(), 1);
    if (tensor.values.empty()) return strides;
    for (std::size_t i = strides.size(); i-- > 1;) strides[i - 1] = strides[i] * tensor.shape[i];
    return strides;
}

ZipMember text_member(const std::string& name, const std::string& text) {
    ByteWriter out;
    out.text(text);
    return {name, out.take()};
}

template <typename Number>
double number_at(std::span<const std::byte> bytes, std::size_t index) {
    Number number;
    std::memcpy(&number, bytes.data() + index * sizeof number, sizeof number);
    return static_cast<double>(number);
}

double number_at(PlainTensor::Type type, std::span<const std::byte> bytes, std::size_t index) {
    switch (type) {
        case PlainTensor::Type::float64:
            return number_at<double>(bytes, index);
        case PlainTensor::Type::int64: {
            const double value = number_at<std::int64_t>(bytes, index);
            if (std::abs(value) >= largest_exact_integer)
                refuse("tensor holds a whole number that is too large");
            return value;
        }
        case PlainTensor::Type::float32:
            break;
    }
    return number_at<float>(bytes, index);
}

/// How many numbers a view of this shape has, when all of them lie inside its member.
std::size_t checked_count(const StoredTensor& view, std::size_t bytes) {
    const std::size_t width = size_of(view.type);
    if (bytes % width != 0 || static_cast<std::int64_t>(bytes / width) != view.member_count)
        refuse("tensor's numbers take " + std::to_string(bytes) + " bytes and should be " +
               std::to_string(view.member_count) + " of " + std::to_string(width) + " bytes");
    if (view.strides.size() != view.shape.size())
        refuse("tensor has another number of strides than of sides");
    if (view.offset < 0 || view.offset > view.member_count) refuse("tensor begins outside its numbers");
    std::int64_t count = 1;
    for (const auto side : view.shape) {
        if (side < 0 || (side > 0 && count > view.member_count / side))
            refuse("tensor is larger than its numbers");
        count *= side;
    }
    if (count == 0) return 0;
    std::int64_t last = view.offset;
    for (std::size_t i = 0; i < view.shape.size(); ++i) {
        const auto side = view.shape[i];
        const auto stride = view.strides[i];
        if (stride < 0 || stride > view.member_count) refuse("tensor has a stride outside its numbers");
        last += (side - 1) * stride;  // both below the number of bytes given
    }
    if (last >= view.member_count) refuse("tensor is larger than its numbers");
    return static_cast<std::size_t>(count);
}

PlainTensor read_tensor(const StoredTensor& view, std::span<const std::byte> bytes) {
    const std::size_t count = checked_count(view, bytes.size());
    PlainTensor tensor{view.type, view.shape, std::vector<double>(count)};
    std::vector<std::int64_t> place(view.shape.size(), 0);
    auto at = view.offset;
    for (std::size_t i = 0; i < count; ++i) {
        tensor.values[i] = number_at(view.type, bytes, static_cast<std::size_t>(at));
        for (std::size_t side = place.size(); side-- > 0;) {  // the next place, last dimension first
            at += view.strides[side];
            if (++place[side] < view.shape[side]) break;
            at -= place[side] * view.strides[side];
            place[side] = 0;
        }
    }
    return tensor;
}

/// The folder that all members are in, by the one file every archive has.
std::string find_folder(const std::map<std::string, std::span<const std::byte>>& members) {
    const std::string pickle = "data.pkl";
    for (const auto& [name, bytes] : members)
        if (name.ends_with("/" + pickle)) return name.substr(0, name.size() - pickle.size());
    refuse("zip archive holds no data.pkl and was not written by PyTorch");
}

}  // namespace

std::vector<std::byte> write_torch_archive(const PlainDict& dict) {
    PickledDict pickled;
    std::vector<ZipMember> tensors;
    const auto store = [&](const PlainTensor& tensor) {
        const std::string member = std::to_string(tensors.size());
        tensors.push_back(tensor_member(folder + "data/" + member, tensor));
        return StoredTensor{tensor.type, member,       static_cast<std::int64_t>(tensor.values.size()),
                            0,           tensor.shape, row_major_strides(tensor)};
    };
    for (const auto& [key, value] : dict) {
        if (const auto* tensor = std::get_if<PlainTensor>(&value)) pickled[key] = store(*tensor);
        if (const auto* real = std::get_if<double>(&value))
            pickled[key] = store({PlainTensor::Type::float64, {}, {*real}});
        if (const auto* whole = std::get_if<std::int64_t>(&value)) pickled[key] = *whole;
        if (const auto* text = std::get_if<std::string>(&value)) pickled[key] = *text;
        if (const auto* list = std::get_if<PlainList>(&value)) pickled[key] = *list;
    }
    std::vector<ZipMember> members = {{folder + "data.pkl", write_pickle(pickled)},
                                      text_member(folder + "byteorder", "little")};
    std::ranges::move(tensors, std::back_inserter(members));
    members.push_back(text_member(folder + "version", "3\n"));
    return write_zip_archive(members);
}

PlainDict read_torch_archive(std::span<const std::byte> bytes) {
    const auto members = read_zip_archive(bytes);
    const std::string prefix = find_folder(members);
    if (const auto order = members.find(prefix + "byteorder"); order != members.end()) {
        if (ByteReader(order->second).text(order->second.size()) != "little")
            refuse("file was written on a machine of another byte order");
    }
    const auto pickle = members.at(prefix + "data.pkl");
    if (pickle.size() > largest_pickle)
        refuse("data.pkl has " + std::to_string(pickle.size()) + " bytes and should have at most " +
               std::to_string(largest_pickle));

    PlainDict dict;
    std::size_t numbers = 0;
    for (auto& [key, value] : read_pickle(pickle)) {
        if (const auto* whole = std::get_if<std::int64_t>(&value)) dict[key] = *whole;
        if (const auto* real = std::get_if<double>(&value)) dict[key] = *real;
        if (auto* text = std::get_if<std::string>(&value)) dict[key] = std::move(*text);
        if (auto* list = std::get_if<PlainList>(&value)) dict[key] = std::move(*list);
        if (const auto* view = std::get_if<StoredTensor>(&value)) {
            const auto member = members.find(prefix + "data/" + view->member);
            if (member == members.end()) refuse("tensor '" + key + "' has no numbers");
            numbers += checked_count(*view, member->second.size());
            if (numbers > most_numbers) refuse("tensors hold too many numbers");
            PlainTensor tensor = read_tensor(*view, member->second);
            if (tensor.type == PlainTensor::Type::float64 && tensor.shape.empty())
                dict[key] = tensor.values.front();
            else
                dict[key] = std::move(tensor);
        }
    }
    return dict;
}

}  // namespace piaa
