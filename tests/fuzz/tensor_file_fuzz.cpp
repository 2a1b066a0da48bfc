// The reader of model files: safetensors, and what a model is made of inside them.

#include <cstring>
#include <span>

#include <piaa/error.h>

#include "fuzz_target.h"
#include "io/tensor_file.h"

namespace {

std::string file_of(const std::string& header, std::size_t data) {
    std::string file(8, '\0');
    const std::uint64_t size = header.size();
    std::memcpy(file.data(), &size, 8);
    return file + header + std::string(data, '\1');
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        piaa::parse_tensor_file(std::as_bytes(std::span(data, size)), "model.safetensors");
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {
        file_of(R"({"__metadata__":{"piaa.model":"1","scale":"[1, 7]"},)"
                R"("a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                R"("b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]}})",
                32),
        file_of(R"({"x":{"dtype":"BF16","shape":[1,1,2],"data_offsets":[0,4]}})", 4),
        file_of(R"({"none":{"dtype":"F64","shape":[0,4],"data_offsets":[0,0]}})", 0),
        file_of("{}", 0),
    };
}
