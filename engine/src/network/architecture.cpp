#include "network/architecture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <piaa/error.h>

namespace piaa {
namespace {

std::string block_name(std::size_t index) {
    return "backbone." + std::to_string(index);
}

/// Channels scaled by the width coefficient, to the nearest multiple of 8 that loses at most a tenth.
int scaled_channels(int channels, double width) {
    const double wanted = channels * width;
    int rounded = std::max(8, static_cast<int>(wanted + 4) / 8 * 8);
    if (rounded < 0.9 * wanted) rounded += 8;
    return rounded;
}

Block inverted_bottleneck(const std::string& name, int in, int out, int expansion, int kernel, int stride) {
    const int wide = in * expansion;
    Block block;
    if (expansion != 1)
        block.convolutions.push_back({name + ".expand", in, wide, 1, 1, 1, Activation::relu6});
    block.convolutions.push_back({name + ".depthwise", wide, wide, kernel, stride, wide, Activation::relu6});
    block.convolutions.push_back({name + ".project", wide, out, 1, 1, 1});
    block.residual = stride == 1 && in == out;
    return block;
}

Architecture efficientnet_lite(const std::string& name, double width, double depth) {
    struct Row {
        int repeats, kernel, stride, expansion, channels;
    };
    constexpr std::array<Row, 7> rows{{{1, 3, 1, 1, 16},
                                       {2, 3, 2, 6, 24},
                                       {2, 5, 2, 6, 40},
                                       {3, 3, 2, 6, 80},
                                       {3, 5, 1, 6, 112},
                                       {4, 5, 2, 6, 192},
                                       {1, 3, 1, 6, 320}}};
    constexpr int stem_channels = 32;
    constexpr int head_channels = 1280;

    Architecture network{name, {}, 1000, 1e-3};
    Block stem;
    stem.convolutions = {{"backbone.stem", 3, stem_channels, 3, 2, 1, Activation::relu6}};
    network.blocks.push_back(stem);
    int channels = stem_channels;
    for (const Row& row : rows) {
        // The first and the last stage keep their single block at every depth.
        const bool fixed = &row == &rows.front() || &row == &rows.back();
        const int repeats = fixed ? row.repeats : static_cast<int>(std::ceil(row.repeats * depth));
        const int out = scaled_channels(row.channels, width);
        for (int i = 0; i < repeats; ++i) {
            network.blocks.push_back(inverted_bottleneck(block_name(network.blocks.size() - 1), channels, out,
                                                         row.expansion, row.kernel, i == 0 ? row.stride : 1));
            channels = out;
        }
        network.blocks.back().ends_stage = true;
    }
    Block head;
    head.convolutions = {{"backbone.head", channels, head_channels, 1, 1, 1, Activation::relu6}};
    head.ends_stage = true;
    network.blocks.push_back(head);
    return network;
}

Architecture resnet18() {
    Architecture network{"resnet18", {}, 1000, 1e-5};
    Block stem;
    stem.convolutions = {{"backbone.stem", 3, 64, 7, 2, 1, Activation::relu, Padding::symmetric}};
    stem.max_pool = true;
    network.blocks.push_back(stem);
    int in = 64;
    for (const int out : {64, 128, 256, 512}) {
        for (int i = 0; i < 2; ++i) {
            const int stride = i == 0 && out != 64 ? 2 : 1;
            const std::string name = block_name(network.blocks.size() - 1);
            Block block;
            block.convolutions = {
                {name + ".first", in, out, 3, stride, 1, Activation::relu, Padding::symmetric},
                {name + ".second", out, out, 3, 1, 1, Activation::none, Padding::symmetric}};
            block.residual = true;
            if (stride != 1)
                block.shortcut = {name + ".shortcut", in, out, 1, stride, 1, Activation::none,
                                  Padding::symmetric};
            block.activation = Activation::relu;
            block.ends_stage = i == 1;
            network.blocks.push_back(block);
            in = out;
        }
    }
    return network;
}

Architecture tiny() {
    Architecture network{"tiny", {}, 0, 1e-3};
    Block block;
    block.convolutions = {{"backbone.stem", 3, 1, 8, 8, 1, Activation::none, Padding::valid}};
    block.ends_stage = true;
    network.blocks.push_back(block);
    return network;
}

Architecture vision_transformer(const std::string& name, const Transformer& shape,
                                std::vector<int> usual_stages) {
    return {name, {}, 0, 1e-5, shape, std::move(usual_stages)};
}

std::string text(const std::vector<std::int64_t>& shape) {
    std::string result = "[";
    for (const auto side : shape) result += (result.size() > 1 ? ", " : "") + std::to_string(side);
    return result + "]";
}

}  // namespace

std::vector<Stage> Architecture::stages() const {
    std::vector<Stage> stages;
    if (transformer) {
        stages.assign(transformer->blocks, {transformer->width, transformer->patch});
        stages.resize(2 * stages.size(), {transformer->width, 0, /*deviations=*/false});
        return stages;
    }
    int stride = 1;
    for (const Block& block : blocks) {
        for (const Convolution& convolution : block.convolutions) stride *= convolution.stride;
        if (block.max_pool) stride *= 2;
        if (block.ends_stage) stages.push_back({block.convolutions.back().out, stride});
    }
    return stages;
}

std::vector<Convolution> Architecture::convolutions() const {
    std::vector<Convolution> all;
    for (const Block& block : blocks) {
        all.insert(all.end(), block.convolutions.begin(), block.convolutions.end());
        if (block.shortcut) all.push_back(*block.shortcut);
    }
    return all;
}

Architecture find_architecture(const std::string& name) {
    if (name == "efficientnet-lite0") return efficientnet_lite(name, 1.0, 1.0);
    if (name == "efficientnet-lite1") return efficientnet_lite(name, 1.0, 1.1);
    if (name == "efficientnet-lite2") return efficientnet_lite(name, 1.1, 1.2);
    if (name == "resnet18") return resnet18();
    if (name == "tiny") return tiny();
    if (name == "clip-vit-b16") return vision_transformer(name, {}, {9, 21, 23});
    if (name == "tiny-transformer") return vision_transformer(name, {8, 32, 64, 2, 2}, {0, 2, 3});
    throw Error(ErrorCode::bad_model,
                "architecture is \"" + name +
                    "\" and should be efficientnet-lite0, -lite1, -lite2, resnet18, clip-vit-b16 or tiny");
}

void check_parameters(const Architecture& architecture, const std::map<std::string, Tensor>& tensors,
                      const std::string& file) {
    const auto check = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        const auto found = tensors.find(name);
        if (found == tensors.end())
            throw Error(
                ErrorCode::bad_model,
                file + ": tensor " + name + " is missing from a model of architecture " + architecture.name);
        if (found->second.shape != shape)
            throw Error(ErrorCode::bad_model, file + ": tensor " + name + " has shape " +
                                                  text(found->second.shape) + " and should have " +
                                                  text(shape));
    };
    for (const Convolution& c : architecture.convolutions()) {
        check(c.name + ".weight", {c.out, c.in / c.groups, c.kernel, c.kernel});
        if (tensors.count(c.name + ".bias") != 0) {
            check(c.name + ".bias", {c.out});
        } else {
            for (const char* part : {"weight", "bias", "mean", "variance"})
                check(c.name + ".norm." + part, {c.out});
        }
    }
    if (tensors.count("backbone.classifier.weight") != 0) {
        const Stage top = architecture.stages().back();
        check("backbone.classifier.weight", {architecture.classes, top.channels});
        check("backbone.classifier.bias", {architecture.classes});
    }
}

}  // namespace piaa
