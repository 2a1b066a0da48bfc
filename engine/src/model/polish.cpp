#include "model/polish.h"

#include <algorithm>
#include <cmath>

#include <piaa/error.h>
#include <piaa/polish.h>

#include "io/shipped_file.h"
#include "io/tensor_file.h"
#include "model/model_impl.h"

namespace piaa {
namespace {

/// Whether a model's pooled numbers end with the network's last class token, of `size` numbers.
bool ends_with_class_token(const Model::Impl& model, std::size_t size) {
    const auto stages = find_architecture(model.info.architecture).stages();
    return model.stage_indices.back() + 1 == static_cast<int>(stages.size()) && stages.back().is_whole() &&
           model.stages.back().pooled_size() == size;
}

/// Null for a model whose network has no head, or whose numbers do not end as that head's do.
const PolishHead* shipped_head(const Model::Impl& model) {
    static const auto shipped = read_shipped("polish.safetensors", read_polish_heads);
    const auto found = shipped.find(model.info.architecture);
    if (found == shipped.end() || !ends_with_class_token(model, found->second.tokens())) return nullptr;
    return &found->second;
}

}  // namespace

double PolishHead::operator()(std::span<const float> class_token) const {
    if (class_token.size() != tokens())
        throw Error(ErrorCode::bad_argument, "class token has " + std::to_string(class_token.size()) +
                                                 " numbers and should have " + std::to_string(tokens()));
    double sum = 0, square = 0;
    auto row = projection.begin();
    for (const float weight : weights) {
        double value = 0;
        for (const float number : class_token) value += static_cast<double>(*row++) * number;
        sum += weight * value;
        square += value * value;
    }
    return std::clamp(bias + (square > 0 ? sum / std::sqrt(square) : 0), 0.0, 10.0);
}

std::vector<float> PolishHead::direction() const {
    std::vector<double> sums(tokens(), 0.0);
    auto row = projection.begin();
    for (const float weight : weights)
        for (double& sum : sums) sum += static_cast<double>(weight) * *row++;
    return {sums.begin(), sums.end()};
}

std::map<std::string, PolishHead> read_polish_heads(const boost::filesystem::path& file) {
    const TensorFile contents = read_marked_file(file, "piaa.polish", "holds no heads for polish");
    std::map<std::string, PolishHead> heads;
    for (const std::string& architecture : models_in(contents, ".projection")) {
        const Tensor& projection = contents.tensors.at(architecture + ".projection");
        const auto weights = contents.tensors.find(architecture + ".weight");
        const auto bias = contents.tensors.find(architecture + ".bias");
        if (weights == contents.tensors.end() || bias == contents.tensors.end() ||
            bias->second.values.size() != 1 || projection.shape.size() != 2 || projection.values.empty() ||
            static_cast<std::size_t>(projection.shape[0]) != weights->second.values.size())
            throw Error(ErrorCode::bad_model, file.string() + ": tensors of " + architecture +
                                                  " are missing or do not fit together");
        heads[architecture] = {projection.values, weights->second.values, bias->second.values[0]};
    }
    return heads;
}

std::optional<double> polish(const Model& model, const Features& features) {
    const PolishHead* head = shipped_head(model.impl());
    if (head == nullptr) return std::nullopt;
    const std::size_t size = model.impl().pooled_size();
    if (features.pooled.size() != size)
        throw Error(ErrorCode::bad_argument, "features have " + std::to_string(features.pooled.size()) +
                                                 " pooled numbers and this model should have " +
                                                 std::to_string(size));
    return (*head)(std::span(features.pooled).last(head->tokens()));
}

std::vector<float> polish_direction(const Model& model) {
    const PolishHead* head = shipped_head(model.impl());
    if (head == nullptr) return {};
    std::vector<float> direction(model.impl().pooled_size() - head->tokens(), 0.0F);
    const std::vector<float> last = head->direction();
    direction.insert(direction.end(), last.begin(), last.end());
    return direction;
}

}  // namespace piaa
