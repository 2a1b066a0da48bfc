#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

namespace piaa {

/// Numbers with a shape; always float32 in memory whatever the file holds.
struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// A safetensors file in memory: named tensors and text metadata.
struct TensorFile {
    std::map<std::string, std::string> metadata;
    std::map<std::string, Tensor> tensors;
};

enum class NumberType { f64, f32, f16, bf16, i8 };

/// A tensor as it lies in a file's bytes.
struct TensorView {
    NumberType type = NumberType::f32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// A safetensors file whose tensors stay where they are.
struct TensorViews {
    std::map<std::string, std::string> metadata;
    std::map<std::string, TensorView> tensors;
};

/// Larger files are refused before they are read.
constexpr std::size_t max_tensor_file = std::size_t{1} << 30;

enum class Precision { float16, float32 };

/// Reads a safetensors file, checking every length before use: header size, shapes, offsets without overlap
/// or holes, known types (F64 F32 F16 BF16), finite values. Throws Error(bad_model) naming the file.
PIAA_API TensorFile read_tensor_file(const boost::filesystem::path& file);

/// The same from memory; `name` is used in messages.
PIAA_API TensorFile parse_tensor_file(std::span<const std::byte> bytes, const std::string& name);

/// The same checks but for finite values, and whole numbers of 8 bits (I8) pass too; nothing is copied.
PIAA_API TensorViews parse_tensor_views(std::span<const std::byte> bytes, const std::string& name);

/// Writes beside and renames, so that the file is whole or not there.
PIAA_API void write_tensor_file(const boost::filesystem::path& file, const TensorFile& contents,
                                Precision precision);

}  // namespace piaa
