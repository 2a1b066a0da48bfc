#include "io/tensor_file.h"

#include <cmath>
#include <cstring>
#include <limits>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>

#include <piaa/error.h>

#include "io/half.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace piaa;

namespace {

/// A safetensors file with this header and this many bytes of data, all zero.
std::vector<std::byte> file_of(const std::string& header, std::size_t data_size) {
    std::vector<std::byte> bytes(8 + header.size() + data_size);
    const std::uint64_t size = header.size();
    std::memcpy(bytes.data(), &size, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

std::string entry(const std::string& name, const std::string& type, const std::string& shape,
                  const std::string& offsets) {
    return '"' + name + R"(":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
           '}';
}

TensorFile sample() {
    TensorFile file;
    file.metadata = {{"architecture", "tiny"}, {"description", "caf\xC3\xA9 \"quoted\"\n"}};
    file.tensors["a"] = {{2, 3}, {1, -2, 0.5F, 65504, -0.0F, 6.103515625e-05F}};
    file.tensors["b"] = {{1}, {5.9604645e-08F}};
    file.tensors["none"] = {{0, 4}, {}};
    return file;
}

}  // namespace

TEST_CASE("a tensor file comes back as it was written", "[tensor_file]") {
    const test::TemporaryFolder folder;
    const auto precision = GENERATE(Precision::float16, Precision::float32);
    write_tensor_file(folder / "a.safetensors", sample(), precision);
    const TensorFile read = read_tensor_file(folder / "a.safetensors");
    CHECK(read.metadata == sample().metadata);
    REQUIRE(read.tensors.size() == 3);
    for (const auto& [name, tensor] : sample().tensors) {
        CHECK(read.tensors.at(name).shape == tensor.shape);
        CHECK(read.tensors.at(name).values == tensor.values);
    }
    CHECK(std::distance(boost::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("every half-precision number survives the way to float and back", "[tensor_file]") {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        const float value = from_half(static_cast<std::uint16_t>(bits));
        if (!std::isnan(value)) REQUIRE(to_half(value) == bits);
    }
    CHECK(to_half(1.0F + 1.0F / 2048) == to_half(1.0F));                // a tie goes to the even number
    CHECK(to_half(1.0F + 3.0F / 2048) == to_half(1.0F + 2.0F / 1024));  // so does the next
    CHECK(std::isinf(from_half(to_half(65520))));
    CHECK(from_half(to_half(65519)) == 65504);
}

TEST_CASE("numbers of all four types are read", "[tensor_file]") {
    const std::string header =
        "{" + entry("d", "F64", "[1]", "[0,8]") + "," + entry("f", "F32", "[1]", "[8,12]") + "," +
        entry("h", "F16", "[1]", "[12,14]") + "," + entry("b", "BF16", "[]", "[14,16]") + "}";
    auto bytes = file_of(header, 16);
    std::byte* data = bytes.data() + 8 + header.size();
    const double d = 1.5;
    const float f = -2.25F;
    const std::uint16_t h = 0x3C00;
    const std::uint16_t b = 0xC040;
    std::memcpy(data, &d, 8);
    std::memcpy(data + 8, &f, 4);
    std::memcpy(data + 12, &h, 2);
    std::memcpy(data + 14, &b, 2);
    const auto tensors = parse_tensor_file(bytes, "x").tensors;
    CHECK(tensors.at("d").values == std::vector<float>{1.5F});
    CHECK(tensors.at("f").values == std::vector<float>{-2.25F});
    CHECK(tensors.at("h").values == std::vector<float>{1});
    CHECK(tensors.at("b").values == std::vector<float>{-3});
    CHECK(tensors.at("b").shape.empty());
}

TEST_CASE("a hostile header is refused with a sentence that names the file", "[tensor_file]") {
    const std::string good = entry("a", "F32", "[2]", "[0,8]");
    struct Case {
        std::string header;
        std::size_t data;
        std::string reason;
    };
    const auto& [header, data, reason] = GENERATE_COPY(values<Case>({
        {"", 0, "does not begin with {"},
        {"[]", 0, "does not begin with {"},
        {" {}", 0, "does not begin with {"},
        {"{", 0, "not valid JSON"},
        {"{\"a\xFF\":1}", 0, "not valid JSON"},
        {"{} {}", 0, "not valid JSON"},
        {"{" + good + "," + good + "}", 8, "twice"},
        {"{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("\\u0061", "F32", "[1]", "[4,8]") + "}", 8,
         "twice"},
        {R"({"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}})", 4, "twice"},
        {R"({"a":[[[[[[1]]]]]]})", 0, "nested"},
        {R"({"a":1})", 0, "should have exactly"},
        {R"({"a":{"dtype":"F32","shape":[1]}})", 4, "should have exactly"},
        {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})", 4, "should have exactly"},
        {"{" + entry("a", "I64", "[1]", "[0,8]") + "}", 8, "should have F64, F32, F16 or BF16"},
        {R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})", 4, "should have F64"},
        {"{" + entry("a", "F32", "[-2]", "[0,8]") + "}", 8, "whole numbers"},
        {"{" + entry("a", "F32", "[2.0]", "[0,8]") + "}", 8, "whole numbers"},
        {"{" + entry("a", "F32", "[\"2\"]", "[0,8]") + "}", 8, "whole numbers"},
        {"{" + entry("a", "F32", "2", "[0,8]") + "}", 8, "shape"},
        {"{" + entry("a", "F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]") + "}", 8, "shape"},
        {"{" + entry("a", "F32", "[4294967296,4294967296]", "[0,8]") + "}", 8, "too large"},
        {"{" + entry("a", "F32", "[4611686018427387904,4]", "[0,0]") + "}", 0, "too large"},
        {"{" + entry("a", "F32", "[0,18446744073709551615]", "[0,0]") + "}", 0, "too large"},
        {"{" + entry("a", "F32", "[99999999999999999999]", "[0,8]") + "}", 8, "whole numbers"},
        {"{" + entry("a", "F32", "[2]", "[8,0]") + "}", 8, "another length"},
        {"{" + entry("a", "F32", "[2]", "[0,4]") + "}", 8, "another length"},
        {"{" + entry("a", "F32", "[2]", "[0,8,9]") + "}", 8, "two data_offsets"},
        {"{" + entry("a", "F32", "[2]", "[0,-8]") + "}", 8, "whole numbers"},
        {"{" + good + "}", 4, "should have 8"},
        {"{" + good + "}", 12, "should have 8"},
        {"{" + entry("a", "F32", "[2]", "[4,12]") + "}", 12, "begins at byte 4"},
        {"{" + good + "," + entry("b", "F32", "[2]", "[4,12]") + "}", 12, "begins at byte 4"},
        {"{" + good + "," + entry("b", "F32", "[2]", "[12,20]") + "}", 20, "begins at byte 12"},
        {R"({"__metadata__":{"a":1}})", 0, "not text"},
        {R"({"__metadata__":[]})", 0, "not an object"},
    }));
    CAPTURE(header);
    const auto bytes = file_of(header, data);
    const auto message = [&bytes]() -> std::string {
        try {
            parse_tensor_file(bytes, "evil.safetensors");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::bad_model);
            return error.what();
        }
        return "accepted";
    }();
    CHECK(message.starts_with("evil.safetensors: "));
    CAPTURE(message);
    CHECK(message.find(reason) != std::string::npos);
}

TEST_CASE("a header longer than the file is refused before anything is allocated", "[tensor_file]") {
    const auto length = GENERATE(std::uint64_t{3}, std::uint64_t{100'000'001}, std::uint64_t{1} << 63,
                                 std::numeric_limits<std::uint64_t>::max());
    std::vector<std::byte> bytes(10);
    std::memcpy(bytes.data(), &length, 8);
    CHECK_THROWS_AS(parse_tensor_file(bytes, "x"), Error);
}

TEST_CASE("a file cut off anywhere is refused", "[tensor_file]") {
    const test::TemporaryFolder folder;
    write_tensor_file(folder / "a", sample(), Precision::float32);
    boost::filesystem::ifstream stream(folder / "a", std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(stream), {}};
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto bytes = std::as_bytes(std::span(whole).first(length));
        REQUIRE_THROWS_AS(parse_tensor_file(bytes, "x"), Error);
    }
}

TEST_CASE("a value that is not finite is neither read nor written", "[tensor_file]") {
    const std::string header = "{" + entry("a", "F16", "[1]", "[0,2]") + "}";
    auto bytes = file_of(header, 2);
    bytes.back() = std::byte{0x7C};  // infinity
    CHECK_THROWS_AS(parse_tensor_file(bytes, "x"), Error);

    const test::TemporaryFolder folder;
    TensorFile file;
    file.tensors["large"] = {{1}, {1e5F}};
    CHECK_THROWS_AS(write_tensor_file(folder / "a", file, Precision::float16), Error);
    CHECK(boost::filesystem::is_empty(folder.path()));
    CHECK_NOTHROW(write_tensor_file(folder / "a", file, Precision::float32));
}
