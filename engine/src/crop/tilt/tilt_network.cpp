#include "crop/tilt/tilt_network.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <piaa/error.h>

#include "crop/tilt/edge_numbers.h"
#include "io/shipped_file.h"
#include "math/named_tensors.h"
#include "math/softplus.h"

namespace piaa {
namespace {

using Eigen::Index;
using Eigen::VectorXf;
using Rows = RowMajor;  // one for each edge

constexpr float epsilon = 1e-5F;
constexpr int heads = 4;
constexpr double vote_unit = 4;     ///< of an edge that counts by softplus(1.3)
constexpr double most_moved = 2;    ///< degrees by which an edge's vote may differ from its own angle
constexpr double narrowest = 0.15;  ///< degrees

struct Linear {
    Rows weight;
    VectorXf bias;

    Linear(const NamedTensors& tensors, const std::string& name, Index out, Index in)
        : weight(tensors.matrix(name + ".weight", out, in)),
          bias(tensors.vector(name + ".bias", weight.rows())) {}

    Rows operator()(const Rows& x) const {
        Rows y = x * weight.transpose();
        y.rowwise() += bias.transpose();
        return y;
    }
};

struct Norm {
    VectorXf scale, shift;

    Norm(const NamedTensors& tensors, const std::string& name, Index width)
        : scale(tensors.vector(name + ".weight", width)), shift(tensors.vector(name + ".bias", width)) {}

    Rows operator()(const Rows& x) const {
        Rows y = x.colwise() - x.rowwise().mean();
        const VectorXf deviation = (y.array().square().rowwise().mean() + epsilon).sqrt();
        y.array().colwise() /= deviation.array();
        y.array().rowwise() *= scale.transpose().array();
        y.rowwise() += shift.transpose();
        return y;
    }
};

/// GELU by way of tanh.
Rows gelu(const Rows& x) {
    const auto a = x.array();
    return 0.5F * a * (1 + (0.7978845608F * (a + 0.044715F * a.cube())).tanh());
}

struct Block {
    Norm norm1, norm2;
    Linear qkv, out, wide, narrow;

    Block(const NamedTensors& tensors, const std::string& name, Index width)
        : norm1(tensors, name + ".norm1", width),
          norm2(tensors, name + ".norm2", width),
          qkv(tensors, name + ".qkv", 3 * width, width),
          out(tensors, name + ".out", width, width),
          wide(tensors, name + ".wide", 0, width),
          narrow(tensors, name + ".narrow", width, wide.weight.rows()) {}

    Rows attention(const Rows& x) const {
        const Index width = x.cols(), size = width / heads;
        const Rows all = qkv(x);
        Rows mixed(x.rows(), width);
        for (int head = 0; head < heads; ++head) {
            const Index at = head * size;
            Rows weights = all.middleCols(at, size) * all.middleCols(width + at, size).transpose() /
                           std::sqrt(static_cast<float>(size));
            weights.colwise() -= weights.rowwise().maxCoeff().eval();
            weights = weights.array().exp();
            weights.array().colwise() /= weights.rowwise().sum().eval().array();
            mixed.middleCols(at, size) = weights * all.middleCols(2 * width + at, size);
        }
        return out(mixed);
    }

    void run(Rows& x) const {
        x += attention(norm1(x));
        x += narrow(gelu(wide(norm2(x))));
    }
};

}  // namespace

struct TiltNetwork::Weights {
    Linear edge, aspect;
    VectorXf whole;
    std::vector<Block> blocks;
    Norm norm;
    Linear vote, hidden, opinion;

    Weights(const NamedTensors& tensors, const std::string& file)
        : edge(tensors, "edge", 0, static_cast<Index>(edge_numbers)),
          aspect(tensors, "aspect", width(), 2),
          whole(tensors.vector("whole", width())),
          norm(tensors, "norm", width()),
          vote(tensors, "vote", 3, width()),
          hidden(tensors, "hidden", width(), width()),
          opinion(tensors, "opinion", tilt_count, width()) {
        if (width() % heads != 0)
            throw Error(ErrorCode::bad_model, file + ": tensor edge.weight has " + std::to_string(width()) +
                                                  " rows and should have a multiple of " +
                                                  std::to_string(heads));
        for (int i = 0; i == 0 || tensors.has("blocks." + std::to_string(i) + ".qkv.weight"); ++i)
            blocks.emplace_back(tensors, "blocks." + std::to_string(i), width());
    }

    Index width() const { return edge.weight.rows(); }

    /// What the logarithm of each angle's chance is, but for one number of all.
    std::array<double, tilt_count> logits(std::span<const LevelEdge> edges, Size picture) const {
        const auto longer = static_cast<float>(std::max(picture.width, picture.height));
        Rows shape(1, 2);
        shape << static_cast<float>(picture.width) / longer, static_cast<float>(picture.height) / longer;
        const std::vector<EdgeNumbers> told(edges.begin(), edges.end());
        Rows numbers(static_cast<Index>(told.size()), static_cast<Index>(edge_numbers));
        for (std::size_t i = 0; i < told.size(); ++i)
            for (std::size_t k = 0; k < edge_numbers; ++k)
                numbers(static_cast<Index>(i), static_cast<Index>(k)) = static_cast<float>(told[i].values[k]);
        Rows x(numbers.rows() + 1, width());
        x.topRows(1) = aspect(shape) + whole.transpose();
        if (!told.empty()) x.bottomRows(numbers.rows()) = edge(numbers);
        for (const Block& block : blocks) block.run(x);
        x = norm(x);

        const Rows opinions = opinion(gelu(hidden(x.topRows(1))));
        std::array<double, tilt_count> sum{};
        std::copy(opinions.data(), opinions.data() + tilt_count, sum.begin());
        const Rows votes = vote(x);
        for (std::size_t i = 0; i < told.size(); ++i) {
            const auto said = votes.row(static_cast<Index>(i) + 1);
            const double strength = vote_unit * softplus(said[0]);
            const double angle = told[i].tilt + most_moved * std::tanh(said[1]);
            const double spread = narrowest + softplus(said[2]);
            for (std::size_t k = 0; k < tilt_count; ++k) {
                const double far = (first_tilt + tilt_step * static_cast<double>(k) - angle) / spread;
                sum[k] += strength * std::exp(-far * far / 2);
            }
        }
        return sum;
    }
};

TiltNetwork::TiltNetwork(const boost::filesystem::path& file) {
    const TensorFile contents = read_marked_file(file, "piaa.level", "says nothing of tilted photos");
    const std::string name = file.string();
    weights_ = std::make_unique<Weights>(NamedTensors(contents, name), name);
}

TiltNetwork::~TiltNetwork() = default;

TiltChances TiltNetwork::chances(std::span<const LevelEdge> edges, Size picture) const {
    std::vector<LevelEdge> other_way;
    for (const LevelEdge& edge : edges) other_way.push_back(mirrored(edge));
    TiltChances sum = weights_->logits(edges, picture);
    const TiltChances other = weights_->logits(other_way, picture);
    for (std::size_t k = 0; k < tilt_count; ++k) sum[k] = (sum[k] + other[tilt_count - 1 - k]) / 2;
    const double highest = *std::max_element(sum.begin(), sum.end());
    double total = 0;
    for (double& value : sum) total += value = std::exp(value - highest);
    for (double& value : sum) value /= total;
    return sum;
}

}  // namespace piaa
