#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>
#include <nlohmann/json.hpp>

#include <piaa/research/train.h>
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

/// A model on such weights in `folder`, whose head weighs everything that is pooled: means and deviations of
/// the grid, two class tokens. reading: with a rule that tells the class tokens from the patches. Gives its
/// file.
inline boost::filesystem::path write_transformer_model(const boost::filesystem::path& folder, bool reading) {
    const auto weights = folder / "weights.safetensors";
    TinyTransformer().write(weights);
    BackboneOptions options;
    options.input_side = 32;
    options.squash = true;
    constexpr std::size_t size = 4 * 32;
    GenericHead head;
    head.feature_mean.assign(size, 0.1F);
    head.feature_deviation.assign(size, 1);
    head.spread_weights.assign(size, 0);
    for (std::size_t i = 0; i < size; ++i) head.mean_weights.push_back(0.01F * static_cast<float>(i % 7));
    head.mean_bias = 4;
    head.held_out = {2, 3, 4, 5, 6};
    if (reading) {
        for (int i = 0; i < 2 * 32; ++i) head.reading_into.push_back(0.02F * static_cast<float>(i % 5 - 2));
        for (int i = 0; i < 2 * 32 * 2; ++i)
            head.reading_out.push_back(0.05F * static_cast<float>(i % 3 - 1));
    }
    const auto file = folder / "small.safetensors";
    save_generic_model(file, load_backbone(weights, options), head, "for a test", false);
    return file;
}

}  // namespace piaa::test
