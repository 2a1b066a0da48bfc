#include <fstream>
#include <limits>

#include <piaa/error.h>
#include <piaa/prior.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/taste.h"
#include "support/temporary_folder.h"

using namespace piaa;

TEST_CASE("A prior read back is the prior that was written", "[prior]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "prior.safetensors";
    PriorParts parts = test::small_prior_parts(4);
    parts.description = "of nobody";
    parts.offset[2] = 0.125f;
    parts.seen = {"b", "a"};
    save_prior(file, Prior(parts));
    const Prior again = load_prior(file);
    CHECK(again.model() == parts.model);
    CHECK(again.directions() == 4);
    CHECK(again.inputs() == parts.inputs);
    CHECK(again.projection() == parts.projection);
    CHECK(again.offset() == parts.offset);
    CHECK(again.mean() == parts.mean);
    CHECK(again.noise() == parts.noise);
    CHECK(again.description() == "of nobody");
    CHECK(again.hash().size() == 64);
    CHECK(again.has_seen("a"));
    CHECK(again.has_seen("b"));
    REQUIRE(again.content());
    CHECK(again.content()->categories == parts.content->categories);
    CHECK(again.content()->factors == parts.content->factors);
    CHECK(again.content()->factor_noise == parts.content->factor_noise);
    CHECK(again.content()->category_width == parts.content->category_width);
}

TEST_CASE("A prior made before content categories still serves", "[prior]") {
    const test::TemporaryFolder folder;
    PriorParts parts = test::small_prior_parts();
    parts.content.reset();
    save_prior(folder / "old.safetensors", Prior(parts));
    const Prior again = load_prior(folder / "old.safetensors");
    CHECK_FALSE(again.content());
    CHECK(again.covariance().size() == parts.covariance.size());
}

TEST_CASE("Parts that do not fit together make no prior", "[prior]") {
    PriorParts parts = test::small_prior_parts();
    std::string wrong;
    SECTION("covariance that is none") {
        parts.covariance[0] = -1;
        wrong = "covariance";
    }
    SECTION("covariance with a number that is none") {
        parts.covariance[1] = std::numeric_limits<double>::quiet_NaN();
        wrong = "covariance";
    }
    SECTION("covariance of another length") {
        parts.covariance.pop_back();
        wrong = "tensor covariance has 24 values and should have 25";
    }
    SECTION("mean of another length") {
        parts.mean.push_back(0);
        wrong = "tensor mean has 6 values and should have 5";
    }
    SECTION("projection of photos with more numbers") {
        ++parts.inputs;
        wrong = "tensor projection";
    }
    SECTION("offset of another length") {
        parts.offset.clear();
        wrong = "tensor offset has 0 values and should have 3";
    }
    SECTION("no noise") {
        parts.noise = 0;
        wrong = "noise";
    }
    SECTION("a gate that cannot stray") {
        parts.gate_deviation = 0;
        wrong = "gate_deviation";
    }
    SECTION("no directions") {
        parts.directions = 0;
        wrong = "0 directions";
    }
    SECTION("too many directions for a profile's row") {
        parts = test::small_prior_parts(50);
        wrong = "50 directions";
    }
    SECTION("categories of another prior") {
        parts.content->categories.pop_back();
        wrong = "tensor categories";
    }
    SECTION("factors without people's weights") {
        parts.content->factor_mean.clear();
        wrong = "tensor factor_mean has 0 values and should have 6";
    }
    SECTION("factors without noise") {
        parts.content->factor_noise = 0;
        wrong = "factor_noise";
    }
    CHECK_THROWS_WITH(Prior(parts, "mine"), ContainsSubstring("mine: ") && ContainsSubstring(wrong));
}

TEST_CASE("A file whose parts do not fit together is refused by name", "[prior]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "prior.safetensors";
    save_prior(file, test::small_prior());
    TensorFile contents = read_tensor_file(file);
    SECTION("no noise") {
        contents.metadata["noise"] = "0";
    }
    SECTION("covariance that is none") {
        contents.tensors["covariance"].values[0] = -1;
    }
    SECTION("mean of another length") {
        contents.tensors["mean"] = {{2}, {0.5f, 1}};
    }
    write_tensor_file(file, contents, Precision::float32);
    CHECK_THROWS_WITH(load_prior(file), ContainsSubstring(file.string() + ": "));
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
