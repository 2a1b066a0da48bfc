// The imported ImageNet networks against the implementation they come from. Runs where PIAA_BACKBONES names a
// folder with what models/import_backbone wrote; photos come from ../shared/data where that is.

#include <cstdlib>
#include <fstream>

#include <boost/filesystem.hpp>
#include <nlohmann/json.hpp>

#include "network/architecture.h"
#include "network/backend.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;
namespace fs = boost::filesystem;

namespace {

/// The network in the backbone file of that architecture; nothing, and a warning, where there is no such
/// file.
std::unique_ptr<Network> backbone(const std::string& architecture, bool reference) {
    const char* folder = std::getenv("PIAA_BACKBONES");
    const fs::path file = fs::path(folder != nullptr ? folder : "") / (architecture + ".safetensors");
    if (folder == nullptr || !fs::exists(file)) {
        WARN("skipped: PIAA_BACKBONES names no folder with " << file.filename());
        return nullptr;
    }
    const TensorFile contents = read_tensor_file(file);
    NetworkSpec spec{
        find_architecture(architecture), {0, 7}, {127, 127, 127}, {128, 128, 128}, "cpu", reference};
    check_parameters(spec.architecture, contents.tensors, file.string());
    return make_network(spec, contents.tensors);
}

/// The pixels that models/import_backbone makes by the same formula.
Image synthetic_photo() {
    return test::painted({192, 160}, [](int x, int y) {
        const auto value = [&](int c) { return (x * 7 + y * 13 + c * 50 + x * y / 16) % 256; };
        return test::Colour{value(0), value(1), value(2)};
    });
}

}  // namespace

TEST_CASE("an imported network gives the logits of the original", "[backbone]") {
    const bool reference = GENERATE(true, false);
    std::ifstream stream(std::string(PIAA_TEST_DATA) + "/golden/imagenet_logits.json");
    const auto golden = nlohmann::json::parse(stream);
    REQUIRE(golden.size() == 3);
    for (const auto& expected : golden) {
        const std::string architecture = expected.at("architecture");
        const auto network = backbone(architecture, reference);
        if (!network) return;
        const std::vector<Image> photos{synthetic_photo()};
        const auto logits = network->classify(photos).at(0);
        REQUIRE(logits.size() == 1000);
        const std::vector<float> first = expected.at("first_logits");
        for (std::size_t i = 0; i < first.size(); ++i) CHECK(logits[i] == Approx(first[i]).margin(1e-3));
        const auto largest = std::max_element(logits.begin(), logits.end());
        CHECK(largest - logits.begin() == expected.at("largest").get<int>());
        CHECK(*largest == Approx(expected.at("largest_logit").get<float>()).margin(1e-3));
    }
}

TEST_CASE("the fast way gives the maps of the trained network", "[backbone]") {
    for (const char* architecture : {"efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"}) {
        const auto fast = backbone(architecture, false);
        const auto reference = backbone(architecture, true);
        if (!fast || !reference) return;
        const std::vector<Image> photos{synthetic_photo()};
        const auto fast_maps = fast->run(photos).at(0);
        const auto reference_maps = reference->run(photos).at(0);
        for (std::size_t stage = 0; stage < fast_maps.size(); ++stage) {
            double difference = 0;
            double largest = 0;
            for (std::size_t i = 0; i < fast_maps[stage].values.size(); ++i) {
                const double exact = reference_maps[stage].values.at(i);
                difference = std::max(difference, std::abs(fast_maps[stage].values[i] - exact));
                largest = std::max(largest, std::abs(exact));
            }
            CHECK(difference < 1e-4 * largest);
        }
    }
}

TEST_CASE("an imported network knows what is in a photo", "[backbone]") {
    const fs::path photos =
        fs::path(PIAA_TEST_DATA).parent_path().parent_path().parent_path() / "shared/data/oasis/images";
    if (!fs::exists(photos)) {
        WARN("skipped: no " << photos);
        return;
    }
    const auto network = backbone("efficientnet-lite2", false);
    if (!network) return;
    const std::vector<std::pair<const char*, int>> known{
        {"Ambulance 3.jpg", 407}, {"Acorns 1.jpg", 988}, {"Lake 9.jpg", 975}};
    for (const auto& [name, label] : known) {
        const std::vector<Image> inputs{resized(cli::read_full_image(photos / name), {288, 224})};
        const auto logits = network->classify(inputs).at(0);
        CHECK(std::count_if(logits.begin(), logits.end(), [&](float v) { return v > logits[label]; }) < 3);
    }
}
