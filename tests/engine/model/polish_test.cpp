#include "model/polish.h"

#include <piaa/error.h>
#include <piaa/polish.h>

#include "io/tensor_file.h"
#include "support/catch.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

using namespace piaa;

TEST_CASE("polish looks at the direction of the embedding alone", "[polish]") {
    const PolishHead head{{1, 0, 0, 0, 2, 0}, {3, 0}, 4};  // three numbers of a token, two of an embedding
    CHECK(head(std::vector{1.0F, 0.0F, 9.0F}) == Approx(7));
    CHECK(head(std::vector{50.0F, 0.0F, 0.0F}) == Approx(7));
    CHECK(head(std::vector{0.0F, 1.0F, 0.0F}) == Approx(4));
    CHECK(head(std::vector{-1.0F, 0.0F, 0.0F}) == Approx(1));
    CHECK_THROWS_AS(head(std::vector{1.0F}), Error);
    CHECK(head.direction() == std::vector{3.0F, 0.0F, 0.0F});
}

TEST_CASE("a damaged file of polish heads is refused", "[polish]") {
    const test::TemporaryFolder folder;
    const auto file = folder / "polish.safetensors";
    write_tensor_file(file, {{{"piaa.polish", "1"}}, {{"net.projection", {{1, 2}, {1, 2}}}}},
                      Precision::float32);
    CHECK_THROWS_WITH(read_polish_heads(file),
                      ContainsSubstring("polish.safetensors: tensors of net are missing"));
    write_tensor_file(file, {{}, {{"x", {{1}, {1}}}}}, Precision::float32);
    CHECK_THROWS_WITH(read_polish_heads(file), ContainsSubstring("holds no heads for polish"));
}

TEST_CASE("a model without class tokens says nothing of polish", "[polish]") {
    Features features;
    features.pooled = {0.5F, 0};
    CHECK_FALSE(polish(test::tiny_model(), features).has_value());
    CHECK(polish_direction(test::tiny_model()).empty());
}
