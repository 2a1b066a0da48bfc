#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include <piaa/whole_file.h>

#include "io/tensor_file.h"

namespace piaa::test {

/// A weights file of the architecture "tiny-transformer" with random numbers, for inputs of 32 and 48 pixels.
class TinyTransformer {
public:
    TinyTransformer() {
        constexpr int width = 32, hidden = 64;
        floats("backbone.class", {width}, 1);
        floats("backbone.patch", {3 * 8 * 8, width}, 0.2F);
        for (const int grid : {4, 6})
            floats("backbone.position." + std::to_string(grid), {1 + grid * grid, width}, 0.5F);
        norm("backbone.before");
        norm("backbone.after");
        for (const std::string block : {"backbone.0", "backbone.1"}) {
            norm(block + ".norm1");
            norm(block + ".norm2");
            matrix(block + ".qkv", width, 3 * width);
            matrix(block + ".out", width, width);
            matrix(block + ".wide", width, hidden);
            matrix(block + ".narrow", hidden, width);
        }
    }

    void leave_out(const std::string& name) { tensors_.erase(name); }

    /// Writes it as a safetensors file whose data begins at a multiple of 64 bytes.
    void write(const boost::filesystem::path& file) const {
        nlohmann::json header{{"__metadata__",
                               {{"piaa.backbone", "1"},
                                {"architecture", "tiny-transformer"},
                                {"mean", "[127, 127, 127]"},
                                {"std", "[64, 64, 64]"}}}};
        std::string data;
        for (const auto& [name, tensor] : tensors_) {
            header[name] = {{"dtype", tensor.type},
                            {"shape", tensor.shape},
                            {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
            data += tensor.bytes;
        }
        std::string text = header.dump();
        text.resize((text.size() + 8 + 63) / 64 * 64 - 8, ' ');
        const std::uint64_t size = text.size();
        text = std::string(reinterpret_cast<const char*>(&size), sizeof size) + text + data;
        write_whole_file(file, std::as_bytes(std::span(text)));
    }

private:
    struct Raw {
        std::string type;
        std::vector<int> shape;
        std::string bytes;
    };

    template <typename Number>
    void add(const std::string& name, const char* type, std::vector<int> shape,
             const std::vector<Number>& values) {
        tensors_[name] = {
            type, std::move(shape),
            std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number))};
    }

    void floats(const std::string& name, const std::vector<int>& shape, float spread, float centre = 0) {
        std::size_t count = 1;
        for (const int side : shape) count *= side;
        std::normal_distribution<float> draw(centre, spread);
        std::vector<float> values(count);
        for (float& value : values) value = draw(random_);
        add(name, "F32", shape, values);
    }

    void norm(const std::string& name) {
        floats(name + ".weight", {32}, 0.2F, 1);
        floats(name + ".bias", {32}, 0.2F);
    }

    void matrix(const std::string& name, int in, int out) {
        std::uniform_int_distribution<int> draw(-127, 127);
        std::vector<std::int8_t> values(static_cast<std::size_t>(in) * out);
        for (auto& value : values) value = static_cast<std::int8_t>(draw(random_));
        add(name + ".weight", "I8", {out / 16, in / 4, 16, 4}, values);
        floats(name + ".scale", {out}, 0.0005F, 0.003F);
        floats(name + ".bias", {out}, 0.1F);
    }

    std::mt19937 random_{1};
    std::map<std::string, Raw> tensors_;
};

}  // namespace piaa::test
