#include <cstdint>
#include <string>

#include <piaa/parse_number.h>

#include "support/catch.h"

using namespace piaa;

TEST_CASE("a number and nothing else is a number", "[parse_number]") {
    CHECK(parse_number<double>("7") == 7);
    CHECK(parse_number<double>("-0.5") == -0.5);
    CHECK(parse_number<double>("1e3") == 1000);
    CHECK(parse_number<int>("8077") == 8077);
    CHECK(parse_number<std::int64_t>("-9000000000") == -9'000'000'000);
}

TEST_CASE("a text that holds anything else is none", "[parse_number]") {
    for (const std::string text : {"", " ", "seven", "7 ", " 7", "+7", "7,5", "7x", "--7", "0x10"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_number<double>(text));
        CHECK_FALSE(parse_number<int>(text));
    }
    CHECK_FALSE(parse_number<int>("7.5"));
    CHECK_FALSE(parse_number<int>("3000000000"));
    CHECK_FALSE(parse_number<unsigned>("-1"));
}
