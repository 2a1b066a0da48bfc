#include "console/escape.h"

#include <set>
#include <string>
#include <vector>

#include "support/catch.h"

using namespace piaa::cli;

TEST_CASE("a name is shown in one line that steers no terminal", "[escape]") {
    CHECK(printable("Zoë 写真.jpg") == "Zoë 写真.jpg");
    CHECK(printable("two\nlines\t\x1b[31m") == "two\\nlines\\x09\\x1b[31m");
    CHECK(printable("bad\xff\xc3.jpg") == "bad\\xff\\xc3.jpg");
    CHECK(printable("gpj.\u202eexe") == "gpj.\\xe2\\x80\\xaeexe");
}

TEST_CASE("bytes that are not UTF-8 are percent-escaped", "[escape]") {
    CHECK(percent_escaped("Zoë\n%.jpg") == "Zoë\n%.jpg");
    CHECK(percent_escaped("a\xff\xe9z") == "a%ff%e9z");
    CHECK(percent_escaped("\xed\xa0\x80") == "%ed%a0%80");  // half of a UTF-16 pair
    CHECK(percent_escaped("\xc0\xaf") == "%c0%af");         // a slash, written too long
    CHECK(percent_escaped("\xe5\x86") == "%e5%86");         // cut in the middle
}

TEST_CASE("no two names become one when they are percent-escaped", "[escape]") {
    for (const char* plain :
         {"50% off.jpg", "100%.jpg", "a%20b.jpg", "caf%C3%A9.jpg", "%", "%2", "%f", "%7f"})
        CHECK(percent_escaped(plain) == plain);
    CHECK(percent_escaped("lat\xe9n%e9") == "lat%e9n%25e9");
    // All short names of these parts.
    const std::vector<std::string> parts = {"%", "2", "5", "e", "9", "\xe9", "\xc3\xa9"};
    std::vector<std::string> names = {""};
    std::set<std::string> escaped = {""};
    for (std::size_t i = 0; i < names.size(); ++i)
        for (const auto& part : parts) {
            const std::string name = names[i] + part;
            if (name.size() > 5) continue;
            names.push_back(name);
            escaped.insert(percent_escaped(name));
            REQUIRE(is_utf8(percent_escaped(name)));
        }
    const std::set<std::string> different(names.begin(), names.end());
    CHECK(escaped.size() == different.size());
}

TEST_CASE("CSV fields are quoted when they must be", "[escape]") {
    CHECK(csv_field("plain name.jpg") == "plain name.jpg");
    CHECK(csv_field("a,b") == "\"a,b\"");
    CHECK(csv_field("say \"hi\"\n") == "\"say \"\"hi\"\"\n\"");
}

TEST_CASE("a long name keeps both its ends", "[escape]") {
    CHECK(shortened("holiday/beach.jpg", 40) == "holiday/beach.jpg");
    const auto cut = shortened("/home/someone/photos/2024/holiday/beach.jpg", 24);
    CHECK(display_width(cut) <= 24);
    CHECK(cut.starts_with("/home/"));
    CHECK(cut.ends_with("beach.jpg"));
    CHECK(display_width("写真") == 4);
}
