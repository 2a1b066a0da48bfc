#include "crop/tilt/tilt_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <boost/filesystem.hpp>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/level_pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;

namespace {

const boost::filesystem::path shipped = PIAA_TEST_DATA "/../../models/level.safetensors";

double mean_of(const TiltChances& chances) {
    double mean = 0;
    for (std::size_t i = 0; i < chances.size(); ++i)
        mean += chances[i] * (first_tilt + tilt_step * static_cast<double>(i));
    return mean;
}

}  // namespace

TEST_CASE("an edge knows what its sides look like", "[tilt]") {
    const Image picture = test::painted({200, 100}, [](int, int y) {
        return y < 40 ? test::Colour{250, 240, 230} : test::Colour{20, 40, 60};
    });
    const auto edges = find_level_edges(picture);
    REQUIRE(edges.size() == 1);
    CHECK(edges[0].from.y == Approx(-0.1).margin(0.01));
    CHECK(std::abs(edges[0].to.x - edges[0].from.x) == Approx(2).margin(0.1));
    const auto& looks = edges[0].looks;
    CHECK(looks[0] == Approx(0.8).margin(0.05));  // brighter above
    CHECK(looks[1] > 0.9);                        // all along
    CHECK(looks[2] == Approx(0).margin(0.01));
    CHECK(looks[4] == Approx(250 / 255.0).margin(0.01));
    CHECK(looks[9] == Approx(60 / 255.0).margin(0.01));
}

TEST_CASE("a mirrored picture's edges are those of the picture, mirrored", "[tilt]") {
    const LevelEdge standing{{0.1, -0.5}, {0.15, 0.4}, {0.3F, 1, 0.1F, 0.2F, 1, 2, 3, 4, 5, 6}};
    const LevelEdge other = mirrored(standing);
    CHECK(other.from.x == -0.1);
    CHECK(other.to.y == 0.4);
    CHECK(other.looks == std::array<float, edge_looks>{-0.3F, 1, 0.2F, 0.1F, 4, 5, 6, 1, 2, 3});
    const LevelEdge lying{{-0.5, 0.1}, {0.5, 0.15}, standing.looks};
    CHECK(mirrored(lying).looks == lying.looks);
}

TEST_CASE("the chances of the angles of a mirrored picture are the other way round", "[tilt]") {
    const TiltNetwork network(shipped);
    const Image house = test::facade({512, 340}, 3);
    auto edges = find_level_edges(house);
    const TiltChances chances = network.chances(edges, house.size());
    CHECK(std::accumulate(chances.begin(), chances.end(), 0.0) == Approx(1));
    CHECK(mean_of(chances) == Approx(3).margin(0.3));
    std::transform(edges.begin(), edges.end(), edges.begin(), mirrored);
    CHECK(mean_of(network.chances(edges, house.size())) == Approx(-mean_of(chances)));
}

TEST_CASE("without an edge there is still an opinion, and no side to it", "[tilt]") {
    CHECK(mean_of(TiltNetwork(shipped).chances({}, {512, 340})) == Approx(0).margin(1e-6));
}

TEST_CASE("weights that do not fit are named", "[tilt]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "level.safetensors";
    CHECK_THROWS_WITH(TiltNetwork(file), ContainsSubstring(file.string()));
    TensorFile weights = read_tensor_file(shipped);
    for (const std::string name : {"vote.weight", "blocks.0.qkv.weight", "whole"}) {
        TensorFile without = weights;
        without.tensors.erase(name);
        write_tensor_file(file, without, Precision::float16);
        CHECK_THROWS_WITH(TiltNetwork(file), ContainsSubstring("level.safetensors: tensor " + name));
    }
    weights.metadata.clear();
    write_tensor_file(file, weights, Precision::float16);
    CHECK_THROWS_WITH(TiltNetwork(file), ContainsSubstring("tilted photos"));
}
