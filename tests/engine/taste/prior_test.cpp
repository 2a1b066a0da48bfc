#include <fstream>

#include <piaa/error.h>
#include <piaa/prior.h>

#include "support/catch.h"
#include "support/taste.h"
#include "support/temporary_folder.h"

using namespace piaa;

TEST_CASE("A prior read back is the prior that was written", "[prior]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "prior.safetensors";
    Prior prior = test::small_prior(4);
    prior.description = "of nobody";
    prior.offset[2] = 0.125f;
    save_prior(file, prior);
    const Prior again = load_prior(file);
    CHECK(again.model == prior.model);
    CHECK(again.directions == 4);
    CHECK(again.inputs == prior.inputs);
    CHECK(again.projection == prior.projection);
    CHECK(again.offset == prior.offset);
    CHECK(again.mean == prior.mean);
    CHECK(again.noise == prior.noise);
    CHECK(again.description == "of nobody");
    CHECK(again.hash.size() == 64);
    CHECK(again.categories == prior.categories);
    CHECK(again.factors == prior.factors);
    CHECK(again.factor_noise == prior.factor_noise);
    CHECK(again.category_width == prior.category_width);
}

TEST_CASE("A prior made before content categories still serves", "[prior]") {
    const test::TemporaryFolder folder;
    Prior prior = test::small_prior();
    prior.categories.clear();
    save_prior(folder / "old.safetensors", prior);
    const Prior again = load_prior(folder / "old.safetensors");
    CHECK(again.categories.empty());
    CHECK(again.covariance.size() == prior.covariance.size());
}

TEST_CASE("A prior that cannot be one is refused", "[prior]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "prior.safetensors";
    Prior prior = test::small_prior();
    SECTION("covariance that is none") {
        prior.covariance[0] = -1;
    }
    SECTION("no noise") {
        prior.noise = 0;
    }
    SECTION("too many directions for a profile's row") {
        prior = test::small_prior(50);
    }
    save_prior(file, prior);
    CHECK_THROWS_AS(load_prior(file), Error);
}

TEST_CASE("A file that is no prior is refused by name", "[prior]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "photo.safetensors";
    std::ofstream(file.string()) << "not a prior";
    try {
        load_prior(file);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::bad_model);
        CHECK(std::string(error.what()).find("photo.safetensors") != std::string::npos);
    }
}
