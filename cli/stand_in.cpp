// Until the engine has its models: a picture's brightness for a score.
#include <numeric>

#include <piaa/piaa.h>

namespace piaa {

class Model::Impl {
public:
    ModelInfo info{.name = "stand-in",
                   .file = {},
                   .hash = "0",
                   .architecture = "tiny",
                   .preprocessing = "",
                   .description = ""};
};
const ModelInfo& Model::info() const {
    return impl_->info;
}
std::string Model::device() const {
    return "cpu";
}
Model load_model(const std::string&, const ModelOptions&) {
    return Model(std::make_shared<Model::Impl>());
}
std::vector<ModelInfo> list_models() {
    return {Model::Impl().info};
}
Size decode_size(const Model&, Size photo) {
    const double scale = std::min(1.0, 448.0 / std::max(photo.width, photo.height));
    return {std::max(1, int(photo.width * scale + .5)), std::max(1, int(photo.height * scale + .5))};
}
std::vector<Features> extract_features(const Model&, std::span<const Image> images, const FeatureOptions&) {
    std::vector<Features> all;
    for (const auto& image : images) {
        const auto pixels = image.pixels();
        Features& one = all.emplace_back();
        one.photo = image.size();
        one.pooled = {float(std::accumulate(pixels.begin(), pixels.end(), 0.0) / pixels.size() / 255)};
    }
    return all;
}
Score score(const Model&, const Features& features) {
    Score result;
    result.score = result.generic = 1 + 9 * features.pooled.front();
    result.stars = 3;
    return result;
}

}  // namespace piaa
