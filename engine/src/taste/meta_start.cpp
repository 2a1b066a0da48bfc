#include <piaa/error.h>
#include <piaa/meta_start.h>

#include "io/installation.h"
#include "io/tensor_file.h"

namespace piaa {

void save_blg(const boost::filesystem::path& file, const Prior& prior, const std::vector<double>& weights) {
    TensorFile contents;
    contents.metadata = {{"piaa.blg", "1"}, {"prior", prior.hash()}};
    contents.tensors["weights"] = {{static_cast<std::int64_t>(weights.size())},
                                   {weights.begin(), weights.end()}};
    write_tensor_file(file, contents, Precision::float32);
}

std::vector<double> load_blg(const boost::filesystem::path& file, const Prior& prior) {
    const TensorFile contents = read_tensor_file(file);
    const auto belongs = contents.metadata.find("prior");
    const auto weights = contents.tensors.find("weights");
    if (!contents.metadata.contains("piaa.blg") || belongs == contents.metadata.end() ||
        weights == contents.tensors.end() || weights->second.values.size() != prior.weights())
        throw Error(ErrorCode::bad_model, file.string() + ": file should hold the " +
                                              std::to_string(prior.weights()) + " weights of train blg");
    if (belongs->second != prior.hash())
        throw Error(ErrorCode::bad_model, file.string() + ": weights belong to the prior " + belongs->second +
                                              " and not to " + prior.hash());
    return {weights->second.values.begin(), weights->second.values.end()};
}

std::vector<double> load_blg(const Prior& prior) {
    return load_blg(data_folder() / "models" / ("blg-" + prior.model_name() + ".safetensors"), prior);
}

}  // namespace piaa
