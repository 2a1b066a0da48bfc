#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace piaa {

/// A tensor of a plain dict. Values are doubles in memory whatever the file holds; int64 values beyond
/// 2^53 are refused, so that none is changed on the way.
struct PlainTensor {
    enum class Type { float32, float64, int64 };
    Type type = Type::float32;
    std::vector<std::int64_t> shape;
    std::vector<double> values;  ///< row by row
};

using PlainList = std::vector<std::string>;
using PlainValue = std::variant<std::int64_t, double, std::string, PlainTensor, PlainList>;

/// What we exchange with Python: text keys; tensors, numbers, text and lists of text. A double and a float64
/// tensor without dimensions are one thing: Python may write either, and we write the tensor, because
/// PyTorch 1.13 knows no single floating-point number with weights_only=True.
using PlainDict = std::map<std::string, PlainValue>;

/// The dict as a PyTorch zip archive, stored and aligned as torch.save does: opens in Python with
/// torch.load(file, weights_only=True). Equal dicts give equal bytes.
std::vector<std::byte> write_torch_archive(const PlainDict& dict);

/// Reads what write_torch_archive() or Python's torch.save wrote of such a dict. Every length is checked
/// before anything is allocated, what is unpacked never takes more than a small multiple of the bytes
/// given, and nothing in the file is run: only the opcodes that build plain values are known. Throws
/// Error(bad_profile) saying what is wrong, without the file's name.
PlainDict read_torch_archive(std::span<const std::byte> bytes);

}  // namespace piaa
