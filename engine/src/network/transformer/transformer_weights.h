#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include "io/mapped_file.h"
#include "io/tensor_file.h"
#include "network/architecture.h"
#include "network/transformer/workspace.h"

namespace piaa {

/// The parameters of a transformer in their file, mapped, so that all workers and processes share them. In
/// the file matrices are whole numbers of 8 bits in the kernel's order with a scale for each output, the rest
/// is float32:
///
///   backbone.class [width], backbone.patch [patch * patch * 3, width] (rows of pixels, colours innermost),
///   backbone.position.GRID [1 + GRID * GRID, width] for each input size, backbone.before and .after .weight
///   .bias, for each block N backbone.N.norm1 and .norm2 .weight .bias [width], and backbone.N.qkv (query,
///   key and value, one after the other), .out, .wide and .narrow: .weight [out / 16, in / 4, 16, 4], .scale
///   and .bias [out]
class TransformerWeights {
public:
    /// Throws Error(bad_model) for a file of another hash, or one that lacks anything or has another shape.
    TransformerWeights(const Architecture& architecture, const boost::filesystem::path& file,
                       const std::string& hash);

    /// For the kernel. Throws Error(bad_model) when the file has no positions for so many patches a side.
    transformer::NetworkWeights for_grid(int grid) const;

    /// As floats with matrices [out, in], for the layer-by-layer way.
    std::map<std::string, Tensor> unpacked() const;

private:
    const float* floats(const std::string& name, std::size_t count) const;
    transformer::Matrix matrix(const std::string& name, int in, int out);
    const TensorView& find(const std::string& name) const;
    [[noreturn]] void refuse(const std::string& reason) const;

    std::string name_;
    Transformer shape_;
    MappedFile file_;
    TensorViews views_;
    transformer::NetworkWeights weights_;
    std::vector<std::vector<std::int32_t>> sums_;
};

/// The name of a tensor of positions.
std::string position_name(int grid);

}  // namespace piaa
