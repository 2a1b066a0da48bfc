#include "console/escape.h"

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
