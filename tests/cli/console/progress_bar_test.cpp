#include "console/progress_bar.h"

#include <sstream>

#include "support/catch.h"

using namespace piaa::cli;

TEST_CASE("the bar tells rate and time left", "[progress_bar]") {
    CHECK(progress_text(0, 100, 0) == "[                        ] 0/100");
    CHECK(progress_text(50, 100, 5) == "[============            ] 50/100  10.0/s  0:05 left");
    CHECK(progress_text(100, 20000, 4) == "[                        ] 100/20000  25.0/s  13:16 left");
    CHECK(progress_text(1, 100000, 1).ends_with("27:46:39 left"));
    CHECK(progress_text(100, 100, 8) == "[========================] 100/100  12.5/s");
    CHECK(progress_text(7, 0, 2) == "7  3.5/s");
}

TEST_CASE("the bar is drawn for people only, and leaves nothing behind", "[progress_bar]") {
    std::ostringstream out;
    {
        ProgressBar hidden(out, false, 3);
        hidden.step();
    }
    CHECK(out.str().empty());
    {
        ProgressBar bar(out, true, 3);
        bar.step();
        CHECK(out.str().find("1/3") != std::string::npos);
    }
    CHECK(out.str().ends_with("\r\x1b[K"));
}
