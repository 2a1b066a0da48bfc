#include "support/tiny_model.h"

#include <cmath>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include "io/tensor_file.h"
#include "support/temporary_folder.h"

namespace piaa::test {
namespace fs = boost::filesystem;

namespace {

std::map<std::string, Tensor> tiny_tensors() {
    constexpr int values = 3 * 8 * 8;
    const float softplus_of_spread = std::log(std::expm1(0.5F));
    return {{"backbone.stem.weight", {{1, 3, 8, 8}, std::vector<float>(values, 1.0F / values)}},
            {"backbone.stem.bias", {{1}, {0}}},
            {"feature.mean", {{2}, {0.5F, 0}}},
            {"feature.deviation", {{2}, {0.25F, 1}}},
            {"head.mean.weight", {{2}, {1.5F, 0}}},
            {"head.mean.bias", {{1}, {4}}},
            {"head.spread.weight", {{2}, {0, 0}}},
            {"head.spread.bias", {{1}, {softplus_of_spread}}},
            {"calibration", {{2}, {1, 0}}}};
}

}  // namespace

fs::path write_tiny_model(const fs::path& folder) {
    const std::string preprocessing = R"({"id": "tiny64", "area": 64, "multiple": 8, "max_aspect": 4, )"
                                      R"("mean": [0, 0, 0], "std": [255, 255, 255]})";
    const fs::path file = folder / "tiny.safetensors";
    write_tensor_file(file,
                      {{{"piaa.model", "1"},
                        {"architecture", "tiny"},
                        {"preprocessing", preprocessing},
                        {"stages", "[0]"},
                        {"scale", "[1, 7]"},
                        {"bins", "7"},
                        {"star_thresholds", "[2.8, 4.6, 6.4, 8.2]"},
                        {"description", "likes brightness"}},
                       tiny_tensors()},
                      Precision::float32);
    return file;
}

Model tiny_model() {
    static const TemporaryFolder folder;
    static const Model model = load_model(write_tiny_model(folder.path()).string());
    return model;
}

void write_tiny_data_folder(const fs::path& folder) {
    fs::create_directories(folder / "models");
    const fs::path file = write_tiny_model(folder / "models");
    fs::ofstream(folder / "models" / "manifest.json")
        << R"({"models": [{"name": "lite", "file": "tiny.safetensors", "sha256": ")"
        << load_model(file.string()).info().hash
        << R"(", "architecture": "tiny", "preprocessing": "tiny64", "scale": [1, 7], )"
        << R"("description": "likes brightness"}]})";
}

}  // namespace piaa::test
