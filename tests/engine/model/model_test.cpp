#include <cstdlib>
#include <functional>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/features.h>
#include <piaa/model.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;

namespace {

/// Points PIAA_DATA_DIR elsewhere for one test.
class DataFolder {
public:
    explicit DataFolder(const boost::filesystem::path& folder) {
        if (const char* before = std::getenv("PIAA_DATA_DIR")) before_ = before;
        ::setenv("PIAA_DATA_DIR", folder.c_str(), 1);
    }
    ~DataFolder() {
        if (before_.empty())
            ::unsetenv("PIAA_DATA_DIR");
        else
            ::setenv("PIAA_DATA_DIR", before_.c_str(), 1);
    }
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

private:
    std::string before_;
};

std::string refusal(const std::string& model) {
    try {
        load_model(model);
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::bad_model);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a model file says what it is", "[model]") {
    const test::TemporaryFolder folder;
    const Model model = load_model(test::write_tiny_model(folder.path()).string());
    CHECK(model.info().name == "tiny");
    CHECK(model.info().architecture == "tiny");
    CHECK(model.info().preprocessing == "tiny64");
    CHECK(model.info().scale_low == 1);
    CHECK(model.info().scale_high == 7);
    CHECK(model.info().hash.size() == 64);
    CHECK(model.device() == "cpu");
}

TEST_CASE("shipped models are found by name through the manifest", "[model]") {
    const test::TemporaryFolder folder;
    test::write_tiny_data_folder(folder.path());
    const DataFolder data(folder.path());
    REQUIRE(list_models().size() == 1);
    CHECK(list_models().front().name == "lite");
    CHECK(load_model("lite").info().hash == list_models().front().hash);
    CHECK(refusal("nosuch") ==
          "model is \"nosuch\" and should be one of lite, or the path of a .safetensors file");
}

TEST_CASE("16 bits per number are for models that were shown to rank alike with them", "[model]") {
    const test::TemporaryFolder folder;
    test::write_tiny_data_folder(folder.path());
    const DataFolder data(folder.path());
    const auto manifest = folder / "models/manifest.json";
    const auto say = [&](double srocc) {
        auto json = nlohmann::json::parse(boost::filesystem::ifstream(manifest));
        json["models"][0]["half_srocc"] = srocc;
        boost::filesystem::ofstream(manifest) << json;
    };
    CHECK_THROWS_WITH(load_model("lite", {.device = "cpu-half"}), ContainsSubstring("16 bits"));
    CHECK(load_model("lite", {.device = "auto-half"}).device() == load_model("lite").device());
    say(.9989);
    CHECK_THROWS_AS(load_model("lite", {.device = "cpu-half"}), Error);

    say(.999);
    const Model half = load_model("lite", {.device = "cpu-half"}), whole = load_model("lite");
    CHECK(half.device() == "cpu-half");
    const std::vector<Image> photo{test::random_pixels({64, 48})};
    const double mean = extract_features(whole, photo).front().pooled.front();
    const double rounded = extract_features(half, photo).front().pooled.front();
    CHECK(rounded != mean);  // it did compute with fewer bits
    CHECK(rounded == Approx(mean).epsilon(.01));
}

TEST_CASE("a shipped model that was changed is refused", "[model]") {
    const test::TemporaryFolder folder;
    test::write_tiny_data_folder(folder.path());
    const DataFolder data(folder.path());
    const auto file = folder.path() / "models" / "tiny.safetensors";
    TensorFile contents = read_tensor_file(file);
    contents.tensors.at("head.mean.bias").values[0] = 7;
    write_tensor_file(file, contents, Precision::float32);
    CHECK(refusal("lite").find("as in the manifest") != std::string::npos);
    CHECK(load_model(file.string()).info().name == "tiny");  // by path it is somebody's own model
}

TEST_CASE("a manifest that is damaged or missing is named", "[model]") {
    const test::TemporaryFolder folder;
    const DataFolder data(folder.path());
    CHECK_THROWS_AS(list_models(), Error);
    boost::filesystem::create_directory(folder / "models");
    boost::filesystem::ofstream(folder / "models/manifest.json") << R"({"models": [{"name": 3}]})";
    CHECK_THROWS_WITH(list_models(), Catch::Matchers::StartsWith((folder / "models/manifest.json").string()));
}

TEST_CASE("a file that is not a whole model of a known architecture is refused with the reason", "[model]") {
    const test::TemporaryFolder folder;
    const auto file = test::write_tiny_model(folder.path());
    struct Case {
        std::function<void(TensorFile&)> damage;
        std::string reason;
    };
    const auto resized_to = [](const char* name, std::vector<std::int64_t> shape) {
        return [name, shape](TensorFile& f) {
            std::int64_t count = 1;
            for (const auto side : shape) count *= side;
            f.tensors[name] = {shape, std::vector<float>(count, 1)};
        };
    };
    const auto metadata = [](const char* key, const char* value) {
        return [key, value](TensorFile& f) { f.metadata[key] = value; };
    };
    const std::vector<Case> cases{
        {metadata("piaa.model", "2"), "model format is \"2\""},
        {[](TensorFile& f) { f.metadata.clear(); }, "\"piaa.model\" is missing"},
        {metadata("architecture", "vgg"), "architecture is \"vgg\""},
        {metadata("architecture", "resnet18"), "feature.mean has 2 values"},
        {metadata("preprocessing", "{}"), "preprocessing"},
        {metadata("stages", "[0, 0]"), "stages should rise"},
        {metadata("stages", "[1]"), "stages should rise"},
        {metadata("stages", "[]"), "no stage"},
        {metadata("stages", "zero"), "\"stages\" is \"zero\""},
        {metadata("scale", "[7, 1]"), "out of range"},
        {metadata("bins", "1"), "out of range"},
        {metadata("bins", "1e99"), "out of range"},
        {metadata("star_thresholds", "[4, 3, 2, 1]"), "out of range or order"},
        {metadata("star_thresholds", "[1, 2, 3]"), "star_thresholds"},
        {[](TensorFile& f) { f.tensors.erase("backbone.stem.weight"); }, "backbone.stem.weight is missing"},
        {[](TensorFile& f) { f.tensors.erase("backbone.stem.bias"); },
         "backbone.stem.norm.weight is missing"},
        {resized_to("backbone.stem.weight", {1, 3, 8, 7}),
         "has shape [1, 3, 8, 7] and should have [1, 3, 8, 8]"},
        {resized_to("head.mean.weight", {3}), "has 3 values and should have 2"},
        {resized_to("calibration", {1}), "calibration has 1 values"},
        {[](TensorFile& f) { f.tensors["feature.deviation"].values[1] = 0; }, "not positive"}};
    for (const auto& [damage, reason] : cases) {
        TensorFile contents = read_tensor_file(file);
        damage(contents);
        write_tensor_file(folder / "bad.safetensors", contents, Precision::float32);
        const std::string message = refusal((folder / "bad.safetensors").string());
        CAPTURE(message, reason);
        CHECK(message.find(reason) != std::string::npos);
    }
}

TEST_CASE("a missing model file is named", "[model]") {
    CHECK_THROWS_WITH(load_model("no/such.safetensors"), Catch::Matchers::StartsWith("no/such.safetensors"));
}
