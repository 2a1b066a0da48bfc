// The reader of tables, and of the ratings in them.

#include <piaa/csv.h>
#include <piaa/error.h>
#include <piaa/research/ratings_table.h>

#include "fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const piaa::CsvTable table({reinterpret_cast<const char*>(data), size}, "ratings.csv");
        const piaa::RatingsTable ratings(table, {1, 5});
        ratings.image_means();
        ratings.leave_one_out_means();
        ratings.image_distributions(5);
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {
        "image,rating\na.jpg,3\nb.jpg,4.5\n",
        "\xEF\xBB\xBFrater,image,rating\r\nann,\"a, \"\"b\"\".jpg\",1\r\n\r\nbob,\"two\nlines.jpg\",5\r\n",
        "rating,other,image\n1e0,,x\n2,\"\",x\n", "winner,loser\na,b\n"};
}
