#include <functional>

#include <piaa/error.h>
#include <piaa/score.h>

#include "network/backend.h"
#include "support/catch.h"
#include "support/small_network.h"

using namespace piaa;
using namespace piaa::test;
using Kind = LossTerm::Kind;

namespace {

TrainableSpec small_spec(int first_trained_stage) {
    TrainableSpec spec;
    spec.architecture = small_architecture();
    spec.mean = {127, 127, 127};
    spec.deviation = {128, 128, 128};
    spec.device = "cpu";
    spec.first_trained_stage = first_trained_stage;
    spec.pooled_stages = {0, 1};
    spec.heads = {{.name = "head"}};
    spec.optimiser.backbone_rate = 3e-3;
    spec.optimiser.head_rate = 1e-2;
    return spec;
}

std::unique_ptr<TrainableNetwork> small_network(const TrainableSpec& spec) {
    return backend().make_trainable(spec, random_parameters(spec.architecture));
}

PreparedPhotos photos_for(const TrainableNetwork& network, int count, int from = 0) {
    PreparedPhotos photos;
    for (int i = from; i < from + count; ++i) photos.push_back(network.prepare(bright_picture(i)));
    return photos;
}

LossTerm brightness_loss(int count, int from = 0, Kind kind = Kind::mse) {
    LossTerm term{.kind = kind};
    for (int i = from; i < from + count; ++i) term.targets.push_back({brightness_of(i)});
    return term;
}

double largest_difference(const std::map<std::string, Tensor>& a, const std::map<std::string, Tensor>& b,
                          const std::string& prefix = "") {
    double largest = 0;
    for (const auto& [name, tensor] : a)
        if (name.starts_with(prefix))
            for (std::size_t i = 0; i < tensor.values.size(); ++i)
                largest = std::max<double>(largest, std::abs(tensor.values[i] - b.at(name).values[i]));
    return largest;
}

bool same(const std::map<std::string, Tensor>& a, const std::map<std::string, Tensor>& b) {
    if (a.size() != b.size()) return false;
    for (const auto& [name, tensor] : a)
        if (b.count(name) == 0 || b.at(name).values != tensor.values) return false;
    return true;
}

/// The gradient of `measure` in each of the named tensor's values, by central differences.
std::vector<double> central_differences(TrainableNetwork& network, const std::string& name, float step,
                                        const std::function<double()>& measure) {
    const auto before = network.weights();
    std::vector<double> gradient;
    for (std::size_t i = 0; i < before.at(name).values.size(); ++i) {
        double value[2];
        for (const int side : {0, 1}) {
            auto moved = before;
            moved.at(name).values[i] += side == 0 ? -step : step;
            network.set_weights(moved);
            value[side] = measure();
        }
        gradient.push_back((value[1] - value[0]) / (2 * step));
    }
    network.set_weights(before);
    return gradient;
}

}  // namespace

TEST_CASE("whatever part of a network learns, its loss falls", "[trainable]") {
    const int first = GENERATE(0, 1, 2);
    const auto network = small_network(small_spec(first));
    const auto photos = photos_for(*network, 20);
    const std::vector<LossTerm> losses{brightness_loss(20)};
    const double before = network->loss(photos, losses);
    CHECK(network->step(photos, losses) == Approx(before).epsilon(1e-4));
    for (int i = 0; i < 60; ++i) network->step(photos, losses);
    CHECK(network->loss(photos, losses) < before / 4);
}

TEST_CASE("only the stages that should learn do, and stored statistics stay", "[trainable]") {
    const auto network = small_network(small_spec(1));
    const auto before = network->tensors();
    const auto photos = photos_for(*network, 6);
    const std::vector<LossTerm> losses{brightness_loss(6)};
    network->step(photos, losses);
    const auto after = network->tensors();
    CHECK(largest_difference(before, after, "backbone.stem") == 0);
    CHECK(largest_difference(before, after, "backbone.0.project.weight") > 0);
    CHECK(largest_difference(before, after, "backbone.0.project.norm.bias") > 0);
    CHECK(largest_difference(before, after, "backbone.0.project.norm.mean") == 0);
    CHECK(largest_difference(before, after, "head.0") > 0);
}

TEST_CASE("with batch statistics the stored ones follow the photos", "[trainable]") {
    TrainableSpec spec = small_spec(0);
    spec.batch_statistics = true;
    const auto network = small_network(spec);
    const auto before = network->tensors();
    PreparedPhotos photos = photos_for(*network, 6);
    const std::vector<LossTerm> losses{brightness_loss(6)};
    network->step(photos, losses);
    CHECK(largest_difference(before, network->tensors(), "backbone.stem.norm.mean") > 0);
    CHECK(network->weights().count("backbone.stem.norm.variance") == 1);
    photos.back() = network->prepare(bright_picture(3, {32, 16}));
    CHECK_THROWS_AS(network->step(photos, losses), Error);
}

TEST_CASE("photos of several sizes learn together, however many threads share them", "[trainable]") {
    const auto train = [](int threads) {
        TrainableSpec spec = small_spec(0);
        spec.threads = threads;
        const auto network = small_network(spec);
        PreparedPhotos photos = photos_for(*network, 17);
        for (int i = 0; i < 5; ++i) photos.push_back(network->prepare(bright_picture(i, {24, 16})));
        LossTerm term = brightness_loss(17);
        for (int i = 0; i < 5; ++i) term.targets.push_back({brightness_of(i)});
        const std::vector<LossTerm> losses{term};
        for (int i = 0; i < 3; ++i) network->step(photos, losses);
        return network->state();
    };
    const auto one = train(1);
    CHECK(same(one, train(1)));
    CHECK(same(one, train(3)));
}

TEST_CASE("a restored network goes on as if there had been no break", "[trainable]") {
    TrainableSpec spec = small_spec(1);
    spec.heads[0].hidden = {7};
    spec.heads[0].dropout = 0.5;
    spec.heads[0].batch_norm = true;
    spec.optimiser.kind = GENERATE(OptimiserSpec::Kind::adam, OptimiserSpec::Kind::sgd);
    const auto whole = small_network(spec);
    const auto photos = photos_for(*whole, 8);
    const std::vector<LossTerm> losses{brightness_loss(8)};
    for (int i = 0; i < 3; ++i) whole->step(photos, losses);
    const auto pause = whole->state();
    for (int i = 0; i < 3; ++i) whole->step(photos, losses);

    const auto resumed = small_network(spec);
    resumed->restore(pause);
    const auto again = photos_for(*resumed, 8);
    for (int i = 0; i < 3; ++i) resumed->step(again, losses);
    CHECK(same(whole->state(), resumed->state()));
    CHECK_FALSE(same(whole->state(), pause));
}

TEST_CASE("each loss has the gradient that its values have", "[trainable]") {
    // With plain gradient descent of rate 1 a weight moves by its gradient.
    TrainableSpec spec = small_spec(1);
    spec.optimiser = {.kind = OptimiserSpec::Kind::sgd, .backbone_rate = 1, .head_rate = 1, .first_decay = 0};
    LossTerm term;
    const auto kind = GENERATE(Kind::mse, Kind::distribution_mse, Kind::emd, Kind::normal_emd, Kind::rank,
                               Kind::cross_entropy);
    term.kind = kind;
    term.margin = 5;
    const bool bins = kind == Kind::emd || kind == Kind::distribution_mse;
    spec.heads[0].outputs = bins ? 7 : kind == Kind::cross_entropy ? 3 : kind == Kind::normal_emd ? 2 : 1;
    if (bins) spec.heads[0].output = HeadSpec::Output::softmax;
    for (int i = 0; i < 5; ++i) {
        const double mean = 2 + 4 * brightness_of(i);
        if (kind == Kind::mse || kind == Kind::rank)
            term.targets.push_back({static_cast<float>(mean)});
        else if (kind == Kind::cross_entropy)
            term.targets.push_back({i % 3 == 0 ? 1.F : 0.F, i % 3 == 1 ? 1.F : 0.F, i % 3 == 2 ? 1.F : 0.F});
        else {
            const auto p = ScoreDistribution::truncated_normal(1, 7, 7, mean, 1).probabilities();
            term.targets.emplace_back(p.begin(), p.end());
        }
    }
    const auto network = small_network(spec);
    if (kind == Kind::normal_emd) {  // begin on the scale
        auto weights = network->weights();
        weights.at("head.0.bias").values = {4, 0.5};
        network->set_weights(weights);
    }
    const auto photos = photos_for(*network, 5);
    const std::vector<LossTerm> losses{term};
    for (const char* name : {"head.0.bias", "head.0.weight", "backbone.0.project.norm.bias"}) {
        const auto expected =
            central_differences(*network, name, 2e-2F, [&] { return network->loss(photos, losses); });
        const auto before = network->weights();
        network->step(photos, losses);
        const auto after = network->weights();
        network->set_weights(before);
        double scale = 1e-3;
        for (const double value : expected) scale = std::max(scale, std::abs(value));
        for (std::size_t i = 0; i < expected.size(); ++i)
            CHECK(before.at(name).values[i] - after.at(name).values[i] ==
                  Approx(expected[i]).margin(0.02 * scale));
    }
}

TEST_CASE("the gradient through the learning of a head is that of its values", "[trainable]") {
    constexpr int steps = 3;
    TrainableSpec spec = small_spec(2);
    spec.heads[0].hidden = {3};
    spec.optimiser.head_rate = 0.05;
    spec.optimiser.epsilon = 1e-3;
    if (GENERATE(false, true)) {  // the lecture's form
        spec.optimiser.second_decay = spec.optimiser.first_decay;
        spec.optimiser.bias_correction = false;
    }
    const auto network = small_network(spec);
    const auto support = photos_for(*network, 6);
    const auto query = photos_for(*network, 6, 6);
    const std::vector<LossTerm> support_losses{brightness_loss(6)};
    const std::vector<LossTerm> query_losses{brightness_loss(6, 6)};
    const auto learn_and_test = [&] {
        const auto start = network->weights();
        network->reset_optimiser();
        for (int i = 0; i < steps; ++i) network->step(support, support_losses);
        const double loss = network->loss(query, query_losses);
        network->set_weights(start);
        return loss;
    };
    const auto second = network->meta_gradient(support, support_losses, query, query_losses, steps, true);
    const auto first = network->meta_gradient(support, support_losses, query, query_losses, steps, false);
    CHECK(second.loss == Approx(learn_and_test()).epsilon(1e-3));
    CHECK(first.loss == Approx(second.loss).epsilon(1e-4));
    double first_error = 0;
    double second_error = 0;
    double size = 0;
    for (const char* name : {"head.1.weight", "head.1.bias"}) {
        const auto expected = central_differences(*network, name, 1e-2F, learn_and_test);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            size = std::max(size, std::abs(expected[i]));
            second_error = std::max(second_error, std::abs(second.gradient.at(name).values[i] - expected[i]));
            first_error = std::max(first_error, std::abs(first.gradient.at(name).values[i] - expected[i]));
        }
    }
    CHECK(second_error < 0.03 * size);
    CHECK(first_error > 2 * second_error);
}

TEST_CASE("two heads on one network learn in turn", "[trainable]") {
    TrainableSpec spec = small_spec(1);
    spec.heads = {{.name = "one", .output = HeadSpec::Output::softmax, .outputs = 7},
                  {.name = "two", .input = HeadSpec::Input::logits, .output = HeadSpec::Output::tanh}};
    const auto network = small_network(spec);
    const auto photos = photos_for(*network, 4);
    LossTerm second = brightness_loss(4);
    second.head = 1;
    const auto before = network->weights();
    const std::vector<LossTerm> losses{second};
    network->step(photos, losses);
    const auto after = network->weights();
    CHECK(largest_difference(before, after, "one.") == 0);
    CHECK(largest_difference(before, after, "two.") > 0);
    CHECK(largest_difference(before, after, "backbone.") > 0);
    for (const auto& row : network->predict(photos, 0)) {
        double sum = 0;
        for (const float p : row) sum += p;
        CHECK(sum == Approx(1).margin(1e-5));
    }
}

TEST_CASE("a photo without a target does not count", "[trainable]") {
    const auto network = small_network(small_spec(2));
    const auto few = photos_for(*network, 3);
    const auto more = photos_for(*network, 5);
    const std::vector<LossTerm> three{brightness_loss(3)};
    std::vector<LossTerm> five = three;
    five[0].targets.resize(5);
    CHECK(network->loss(more, five) == Approx(network->loss(few, three)));
    const std::vector<LossTerm> none{{.targets = std::vector<std::vector<float>>(5)}};
    CHECK_THROWS_AS(network->step(more, none), Error);
}

TEST_CASE("the mean that a truncated normal is trained for is the one it has", "[trainable]") {
    // A head whose outputs are set by its bias alone: the loss against its own distribution is zero.
    TrainableSpec spec = small_spec(2);
    spec.heads[0].outputs = 2;
    const auto network = small_network(spec);
    auto weights = network->weights();
    std::fill(weights.at("head.0.weight").values.begin(), weights.at("head.0.weight").values.end(), 0.F);
    const double mean = GENERATE(1.3, 4.0, 6.5);
    weights.at("head.0.bias").values = {static_cast<float>(mean), 0.4F};
    network->set_weights(weights);
    const double width = std::log1p(std::exp(0.4));
    const auto given = ScoreDistribution::truncated_normal_with_mean(1, 7, 7, mean, width).probabilities();
    LossTerm term{.kind = Kind::normal_emd, .targets = {std::vector<float>(given.begin(), given.end())}};
    const std::vector<LossTerm> losses{term};
    CHECK(network->loss(photos_for(*network, 1), losses) < 1e-8);
}

TEST_CASE("a spec that does not fit the network is refused", "[trainable]") {
    const auto refused = [](const std::function<void(TrainableSpec&)>& change) {
        TrainableSpec spec = small_spec(1);
        change(spec);
        CHECK_THROWS_AS(small_network(spec), Error);
    };
    refused([](auto& spec) { spec.first_trained_stage = 3; });
    refused([](auto& spec) { spec.pooled_stages = {2}; });
    refused([](auto& spec) { spec.pooled_stages = {}; });
    refused([](auto& spec) { spec.feature_mean = {1, 2}; });
    refused([](auto& spec) { spec.heads[0].start["head.0.weight"] = {{1, 3}, {1, 2, 3}}; });
    const auto network = small_network(small_spec(1));
    CHECK_THROWS_AS(network->set_weights({{"backbone.stem.weight", {{1}, {0}}}}), Error);
}

TEST_CASE("what LibTorch cannot do while a network learns is an error of ours", "[trainable]") {
    const auto network = small_network(small_spec(0));
    const LossTerm nothing;
    for (const auto& fails : std::vector<std::function<void()>>{
             [&] { network->predict({}, 0); }, [&] { network->step({}, std::span(&nothing, 1)); },
             [&] {
                 network->apply_gradients({{"head.0.weight", {{1, 2}, {1, 1}}}});
             }}) {
        try {
            fails();
            FAIL("done without an error");
        } catch (const Error& error) {
            CHECK(std::string(error.what()).find("cpu: ") == 0);
        }
    }
}

TEST_CASE("normalisation worked into the convolutions changes no answer") {
    TrainableSpec spec = small_spec(0);
    const auto plain = small_network(spec);
    spec.fold_normalisation = true;
    const auto folded = small_network(spec);
    CHECK(folded->tensors().contains("backbone.stem.bias"));
    CHECK_FALSE(folded->tensors().contains("backbone.stem.norm.mean"));
    const auto expected = plain->predict(photos_for(*plain, 3), 0);
    const auto found = folded->predict(photos_for(*folded, 3), 0);
    for (std::size_t i = 0; i < expected.size(); ++i)
        CHECK(found[i][0] == Approx(expected[i][0]).margin(1e-5));
}

TEST_CASE("wide depthwise kernels stay, and 16 bits teach the others") {
    TrainableSpec spec = small_spec(0);
    spec.fold_normalisation = true;
    spec.widest_depthwise = 1;
    spec.bfloat16 = true;
    spec.optimiser.weight_decay = 0.01;
    spec.optimiser.decoupled_decay = true;
    const auto network = small_network(spec);
    const auto before = network->tensors();
    const LossTerm loss = brightness_loss(8);
    const auto photos = photos_for(*network, 8);
    const double first = network->step(photos, std::span(&loss, 1));
    for (int i = 0; i < 40; ++i) network->step(photos, std::span(&loss, 1));
    CHECK(network->loss(photos, std::span(&loss, 1)) < 0.5 * first);
    const auto after = network->tensors();
    CHECK(largest_difference(before, after, "backbone.0.depthwise") == 0);
    CHECK(largest_difference(before, after, "backbone.0.project") > 0);
    CHECK(largest_difference(before, after, "backbone.stem") > 0);
}
