#include <cmath>

#include <boost/filesystem.hpp>

#include <piaa/error.h>
#include <piaa/research/personal_network.h>
#include <piaa/statistics.h>

#include "support/catch.h"
#include "support/small_network.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;
using namespace piaa::test;
namespace fs = boost::filesystem;

namespace {

constexpr int photo_count = 24;

/// Dark to bright in an order of its own.
Image grey_photo(int number) {
    const int value = 10 + (number * 7 % photo_count) * 10;
    return plain({64, 64}, {value, value, value});
}
double darkness(int number) {
    return 1 - (number * 7 % photo_count) / static_cast<double>(photo_count - 1);
}

/// People who all like dark photos, against the tiny model's own mind.
RatingsTable ratings_of_people(int people) {
    std::string csv = "rater,image,rating\n";
    for (int person = 0; person < people; ++person)
        for (int i = 0; i < photo_count; ++i)
            csv += "p" + std::to_string(person) + ",photo" + std::to_string(i) + "," +
                   std::to_string(1 + 4 * darkness(i)) + "\n";
    return RatingsTable(CsvTable(csv, "people.csv"), {1, 5});
}

PersonalNetwork network_of(const PersonalNetworkOptions& options) {
    PersonalNetwork network(tiny_model(), options);
    for (int i = 0; i < photo_count; ++i) network.add(grey_photo(i));
    return network;
}

std::vector<std::size_t> all_photos() {
    std::vector<std::size_t> photos;
    for (std::size_t i = 0; i < photo_count; ++i) photos.push_back(i);
    return photos;
}

double agreement_with_dark(const std::vector<double>& predicted) {
    std::vector<double> given;
    for (int i = 0; i < photo_count; ++i) given.push_back(darkness(i));
    return spearman(predicted, given);
}

}  // namespace

TEST_CASE("a personal network starts as the generic model", "[personal_network]") {
    auto network = network_of({.trained = GENERATE(Trained::head, Trained::all)});
    const auto predicted = network.learn({}, all_photos());
    for (int i = 0; i < photo_count; ++i) {
        const std::vector<Image> photo{grey_photo(i)};
        const auto ratings = predict_ratings(tiny_model(), extract_features(tiny_model(), photo).front());
        const double expected = (ratings.mean() - 1) / 6;
        // Near the ends of the scale the model's distribution is limited, the network's output is not.
        if (expected > 0.05 && expected < 0.95)
            CHECK(predicted[static_cast<std::size_t>(i)] == Approx(expected).margin(2e-3));
    }
}

TEST_CASE("a personal network learns from ratings, and the next person starts anew", "[personal_network]") {
    auto network = network_of({.trained = GENERATE(Trained::head, Trained::all),
                               .backbone_rate = 1e-3,
                               .head_rate = 0.05,
                               .steps = 60});
    const auto before = network.learn({}, all_photos());
    std::vector<PersonalNetwork::Rated> rated;
    for (int i = 0; i < photo_count; i += 2) rated.emplace_back(i, darkness(i));
    CHECK(agreement_with_dark(network.learn(rated, all_photos())) > 0.9);
    CHECK(network.learn({}, all_photos()) == before);
}

TEST_CASE("meta-training moves the start towards what all people share", "[personal_network]") {
    auto network = network_of({.trained = Trained::head, .head_rate = 1e-3, .steps = 3, .views = 2});
    MetaTrainingOptions options;
    options.blg.learning_rate = 0.02;
    options.blg.decay = 1;
    options.blg.epochs = 12;
    options.second_order = GENERATE(false, true);
    if (!options.second_order) options.blg.as_published = GENERATE(false, true);
    CHECK(agreement_with_dark(network.learn({}, all_photos())) < -0.9);
    network.meta_train(ratings_of_people(8), options);
    CHECK(agreement_with_dark(network.learn({}, all_photos())) > 0.9);
}

TEST_CASE("the same seed meta-trains the same start, the authors' quirks and other seeds another",
          "[personal_network]") {
    const auto trained = [](std::uint64_t seed, bool as_published, AdamForm adam, Trained part) {
        auto network = network_of({.trained = part, .adam = adam});
        MetaTrainingOptions options;
        options.blg.seed = seed;
        options.blg.as_published = as_published;
        options.blg.support = 6;
        options.blg.epochs = 2;
        network.meta_train(ratings_of_people(5), options);
        return network.learn({}, all_photos());
    };
    const auto part = GENERATE(Trained::head, Trained::all);
    const auto first = trained(1, false, AdamForm::pytorch, part);
    CHECK(trained(1, false, AdamForm::pytorch, part) == first);
    CHECK(trained(2, false, AdamForm::pytorch, part) != first);
    CHECK(trained(1, true, AdamForm::pytorch, part) != first);
    CHECK(trained(1, false, AdamForm::slide, part) != first);
}

TEST_CASE("a meta-trained start is kept in a file of its model and part", "[personal_network]") {
    const TemporaryFolder folder;
    const fs::path file = folder / "blg.safetensors";
    auto network = network_of({.trained = Trained::all});
    MetaTrainingOptions options;
    options.blg.epochs = 1;
    network.meta_train(ratings_of_people(3), options);
    network.save(file);
    auto other = network_of({.trained = Trained::all});
    CHECK(other.learn({}, all_photos()) != network.learn({}, all_photos()));
    other.load(file);
    CHECK(other.learn({}, all_photos()) == network.learn({}, all_photos()));
    auto head = network_of({.trained = Trained::head});
    CHECK_THROWS_AS(head.load(file), Error);
    CHECK_THROWS_AS(head.load(folder / "missing.safetensors"), Error);
}

TEST_CASE("options of a personal network that contradict each other are refused", "[personal_network]") {
    CHECK_THROWS_AS(PersonalNetwork(tiny_model(), {.as_published = true}), Error);
    // The tiny model has no classifier whose logits a head could use.
    CHECK_THROWS_AS(PersonalNetwork(tiny_model(), {.head = PersonalHead::mlp}), Error);
    auto network = network_of({.trained = Trained::all});
    MetaTrainingOptions options;
    options.second_order = true;
    CHECK_THROWS_AS(network.meta_train(ratings_of_people(2), options), Error);
}
