#include <boost/filesystem/fstream.hpp>

#include <piaa/csv.h>
#include <piaa/error.h>

#include "support/catch.h"
#include "support/temporary_folder.h"

using piaa::CsvTable;

TEST_CASE("quoted fields may hold commas, quotes and line ends", "[csv]") {
    const CsvTable table("image,note\r\n\"a, b.jpg\",\"says \"\"hi\"\"\nand more\"\r\nc.jpg,\n", "t.csv");
    REQUIRE(table.rows().size() == 2);
    CHECK(table.rows()[0].fields[0] == "a, b.jpg");
    CHECK(table.rows()[0].fields[1] == "says \"hi\"\nand more");
    CHECK(table.rows()[1].line == 4);
    CHECK(table.rows()[1].fields[1].empty());
}

TEST_CASE("a byte order mark, empty lines and a missing last line end do no harm", "[csv]") {
    const CsvTable table("\xEF\xBB\xBF\nimage\n\na.jpg\n\n\nb.jpg", "t.csv");
    CHECK(table.header().front() == "image");
    REQUIRE(table.rows().size() == 2);
    CHECK(table.rows()[1].line == 7);
}

TEST_CASE("a broken table is refused with its line", "[csv]") {
    const auto message = [](const char* text) {
        try {
            CsvTable table(text, "t.csv");
        } catch (const piaa::Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    CHECK(message("") == "t.csv: the table is empty and should start with a header");
    CHECK(message("a,b\n1\n") == "t.csv: line 2 has 1 field instead of 2");
    CHECK(message("a,b\n1,\"2\n3\n") == "t.csv: line 2 has a quoted field that is never closed");
    CHECK(message("a,b\n1,\"2\"3\n") == "t.csv: line 2 has text after a closing quote");
    CHECK(message("a,a\n1,2\n") == "t.csv: the header names column 'a' twice");
}

TEST_CASE("a number is finite and fills its field", "[csv]") {
    const CsvTable table("x\n1.5\n1e999\nnan\n3 x\n-2\n 4\t\n", "t.csv");
    CHECK(table.number(table.rows()[0], 0) == 1.5);
    CHECK(table.number(table.rows()[4], 0) == -2);
    CHECK(table.number(table.rows()[5], 0) == 4);
    for (const std::size_t bad : {1, 2, 3}) CHECK_THROWS_AS(table.number(table.rows()[bad], 0), piaa::Error);
}

TEST_CASE("a table is read as spreadsheets of any country save it", "[csv]") {
    const piaa::test::TemporaryFolder folder;
    const auto rating = [&](const std::string& text) {
        boost::filesystem::ofstream(folder / "t.csv", std::ios::binary) << text;
        const CsvTable table = piaa::read_csv(folder / "t.csv");
        REQUIRE(table.rows().size() == 1);
        CHECK(table.rows()[0].fields[table.column("image")] == "\xC3\xA9.jpg");
        return table.number(table.rows()[0], table.column("rating"));
    };
    CHECK(rating("image;rating\r\n\xC3\xA9.jpg;3,5\r\n") == 3.5);
    CHECK(rating("image\trating\n\xC3\xA9.jpg\t3,5\n") == 3.5);
    CHECK(rating("image, rating\n\xC3\xA9.jpg, 3.5 \n") == 3.5);
    const std::string plain = "image,rating\n\xE9.jpg,3.5\n";
    std::string little = "\xFF\xFE", big = "\xFE\xFF";
    for (const char letter : plain) {
        little += letter;
        little += '\0';
        big += '\0';
        big += letter;
    }
    CHECK(rating(little) == 3.5);
    CHECK(rating(big) == 3.5);
    CHECK_THROWS_AS(rating(little.substr(0, 21)), piaa::Error);
    CHECK(rating(little.substr(2)) == 3.5);
    CHECK(rating(big.substr(2)) == 3.5);
    CHECK(rating("sep=;\r\nimage;rating\r\n\xC3\xA9.jpg;3,5\r\n") == 3.5);
    CHECK(rating("image,rating\r\xC3\xA9.jpg,3.5\r") == 3.5);
    CHECK(rating("Image, Rating\n \xC3\xA9.jpg , \"3,5\" \n,\n") == 3.5);
    CHECK_THROWS_AS(rating("image,rating\n\xC3\xA9.jpg,\"3,500\"\n"), piaa::Error);
    CHECK(rating("image;rating;;\r\n\xC3\xA9.jpg;3,5;;\r\n;;;\r\n") == 3.5);
    CHECK(rating("image,rating\n\xC3\xA9.jpg,3.5,,\n") == 3.5);
    CHECK_THROWS_AS(rating("image,rating\n\xC3\xA9.jpg,3.5,,4\n"), piaa::Error);
    CHECK(rating("\"a, b\";image;rating\n1;\xC3\xA9.jpg;3,5\n") == 3.5);
    std::string wide("\xFF\xFE\0\0", 4);
    for (const char letter : plain) wide += std::string{letter, '\0', '\0', '\0'};
    CHECK_THROWS_WITH(rating(wide), ContainsSubstring("is UTF-32; save it again as CSV in UTF-8"));
}

TEST_CASE("a folder in a table's place is named", "[csv]") {
    const piaa::test::TemporaryFolder folder;
    CHECK_THROWS_WITH(piaa::read_csv(folder.path()), ContainsSubstring("is a folder and should be a table"));
}
