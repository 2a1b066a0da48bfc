#include "photo/preprocess.h"

#include <cmath>

#include <piaa/error.h>

#include "support/catch.h"

using namespace piaa;

namespace {

const std::string area =
    R"({"id":"a","area":224,"multiple":32,"max_aspect":2.5,"mean":[127,127,127],"std":[128,128,128]})";

}  // namespace

TEST_CASE("a photo keeps its aspect and the input its area, in steps of the multiple", "[preprocess]") {
    const Preprocessing preprocessing = parse_preprocessing(area, "x");
    CHECK(input_size(preprocessing, {500, 400}) == Size{256, 192});
    CHECK(input_size(preprocessing, {400, 500}) == Size{192, 256});
    CHECK(input_size(preprocessing, {4000, 4000}) == Size{224, 224});
}

TEST_CASE("a very long photo is squeezed to the largest aspect", "[preprocess]") {
    const Preprocessing preprocessing = parse_preprocessing(area, "x");
    CHECK(input_size(preprocessing, {30000, 10}) == input_size(preprocessing, {2500, 1000}));
    CHECK(input_size(preprocessing, {1, 1000}) == input_size(preprocessing, {1000, 2500}));
}

TEST_CASE("a side squashes every photo into a square", "[preprocess]") {
    const auto preprocessing =
        parse_preprocessing(R"({"id":"s","side":224,"mean":[0,0,0],"std":[1,1,1]})", "x");
    CHECK(input_size(preprocessing, {4000, 100}) == Size{224, 224});
}

TEST_CASE("preprocessing that cannot be used is refused by the file's name", "[preprocess]") {
    const std::string text =
        GENERATE("", "[]", "{}", R"({"id":"s","side":0,"mean":[0,0,0],"std":[1,1,1]})",
                 R"({"id":"s","side":99999,"mean":[0,0,0],"std":[1,1,1]})",
                 R"({"id":"s","side":224,"mean":[0,0],"std":[1,1,1]})",
                 R"({"id":"s","side":224,"mean":[0,0,0],"std":[1,0,1]})",
                 R"({"id":"s","area":224,"multiple":0,"max_aspect":2,"mean":[0,0,0],"std":[1,1,1]})",
                 R"({"id":"s","area":224,"multiple":8,"max_aspect":0.5,"mean":[0,0,0],"std":[1,1,1]})");
    CAPTURE(text);
    CHECK_THROWS_AS(parse_preprocessing(text, "x.safetensors"), Error);
}
