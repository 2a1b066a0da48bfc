#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "io/plain_dict.h"

namespace piaa {

/// A tensor as a pickle names it: a view into numbers that another member of the archive holds.
struct StoredTensor {
    PlainTensor::Type type = PlainTensor::Type::float32;
    std::string member;             ///< "0" for archive/data/0
    std::int64_t member_count = 0;  ///< how many numbers the member holds
    std::int64_t offset = 0;        ///< of the first number
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
};

using PickledValue = std::variant<std::int64_t, double, std::string, StoredTensor, PlainList>;
using PickledDict = std::map<std::string, PickledValue>;

/// The dict as a pickle of protocol 2, in the order of its keys. Throws Error(bad_argument) for a single
/// double, see PlainDict.
std::vector<std::byte> write_pickle(const PickledDict& dict);

/// Builds the dict that a pickle describes. A pickle is a program for a small machine; this machine knows
/// only the opcodes that torch.save writes for plain values, and only the three names that a tensor needs
/// (_rebuild_tensor_v2, its storage types, OrderedDict), which it never looks up or calls. Throws
/// Error(bad_profile) for anything else.
PickledDict read_pickle(std::span<const std::byte> pickle);

}  // namespace piaa
