// From a folder of photos to posters and back, as docs/designer.md walks through it: Debian's wallpapers, an
// invented brand, six templates, the shipped model `lite`.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>
#include <vips/vips8>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/piaa.h>

#include "crops/crop_format.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using test::ChildProcess;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

namespace {

const fs::path wallpapers = "/usr/share/backgrounds";
const std::vector<std::string> candidates = {"Bridge_by_Sander_Klootwijk", "seeding_by_Clements_Engelhardt",
                                             "sunset_by_Aitzol_Berasategi", "umang_by_Abhishek_Mudgal"};
constexpr double wanted_contrast = 4.5;

/// A brand that published skies and hills, with two templates of its own.
struct Brand {
    test::TemporaryFolder folder;
    std::vector<std::string> templates = {"poster-headline-top", "poster-headline-bottom",
                                          "poster-headline-logo", "poster-landscape"};
    fs::path profile = folder / "brand.pt", posters = folder / "posters";

    Brand() {
        fs::create_directories(folder / "published");
        for (const char* name : {"aitzgorri_by_Aitzol_Berasategi", "picosdeeuropa_by_Aitzol_Berasategi",
                                 "sunset_by_Aitzol_Berasategi"})
            fs::copy_file(wallpapers / (std::string(name) + ".jpg"),
                          folder / "published" / (std::string(name) + ".jpg"));
        test::write_bytes(folder / "card.json",
                          R"({"title": "Link card", "aspect": "40:21", "size": [1200, 630], "margin": 0.03,
                              "areas": [{"name": "headline", "x": 0.05, "y": 0.1, "width": 0.5, "height": 0.3}]})");
        test::write_bytes(folder / "story.json",
                          R"({"title": "Story", "aspect": "9:16", "size": [720, 1280],
                              "areas": [{"name": "headline", "x": 0.08, "y": 0.08, "width": 0.84, "height": 0.15},
                                        {"name": "date", "x": 0.08, "y": 0.85, "width": 0.84, "height": 0.07}]})");
        for (const char* own : {"card.json", "story.json"}) templates.push_back((folder / own).string());
    }

    ChildProcess::Ending run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), PIAA_BATCH);
        arguments.insert(arguments.end(), {"--device", "cpu", "--quiet"});
        return ChildProcess(arguments, {{"SOURCE_DATE_EPOCH", "1700000000"}}).wait();
    }

    std::vector<Json> crops(const std::vector<std::string>& photos,
                            const std::vector<std::string>& more) const {
        std::vector<std::string> arguments = {"crop"};
        for (const std::string& photo : photos) arguments.push_back((wallpapers / (photo + ".jpg")).string());
        for (const std::string& each : templates) arguments.insert(arguments.end(), {"--preset", each});
        arguments.insert(arguments.end(),
                         {"--user", profile.string(), "--rank-presets", "--count", "1", "--looks", "4",
                          "--upscale", "--text-colour", "#f4efe6", "--text-colour", "#3b1f2b", "--contrast",
                          std::to_string(wanted_contrast), "--format", "jsonl"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto ending = run(arguments);
        INFO(ending.errors);
        REQUIRE(ending.exit_code == 0);
        std::vector<Json> rows;
        std::istringstream lines(ending.output);
        for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
        return rows;
    }
};

/// As librsvg draws it.
Image rendered(const fs::path& svg) {
    vips_operation_block_set("VipsForeignLoadSvg", FALSE);  // the program itself reads no SVG
    const auto drawn = vips::VImage::svgload(svg.c_str()).flatten();
    const test::TemporaryFolder folder;
    drawn.pngsave((folder / "a.png").c_str());
    return read_full_image(folder / "a.png");
}

double luminance(const std::uint8_t* pixel) {
    const auto light = [](double value) {
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * light(pixel[0] / 255.0) + 0.7152 * light(pixel[1] / 255.0) +
           0.0722 * light(pixel[2] / 255.0);
}

/// Of a colour with the darkest and the lightest of eight by eight fields of a box, as WCAG 2 counts it:
/// where it is least.
double least_contrast(const Image& poster, const Json& box, const Colour& text) {
    const std::uint8_t channels[] = {text.red, text.green, text.blue};
    const double own = luminance(channels);
    double least = 21;
    for (int row = 0; row < 8; ++row)
        for (int column = 0; column < 8; ++column) {
            const auto place = [](const Json& start, const Json& length, int step, int side) {
                return static_cast<int>((start.get<double>() + length.get<double>() * step / 8) * side);
            };
            double sum = 0;
            int count = 0;
            for (int y = place(box["y"], box["h"], row, poster.height());
                 y < place(box["y"], box["h"], row + 1, poster.height()); ++y)
                for (int x = place(box["x"], box["w"], column, poster.width());
                     x < place(box["x"], box["w"], column + 1, poster.width()); ++x, ++count)
                    sum += luminance(poster.at(x, y));
            const double field = sum / count;
            least = std::min(least, (std::max(own, field) + 0.05) / (std::min(own, field) + 0.05));
        }
    return least;
}

bool breaks(const Json& crop, const std::string& what) {
    const auto& violations = crop["violations"];
    return std::find(violations.begin(), violations.end(), what) != violations.end();
}

/// How much of a photo's subject lies in a box of shares.
double subject_in(const Model& model, const fs::path& photo, const Json& box) {
    const Image image = read_image(photo, [&](Size size) { return decode_size(model, size); }).image;
    const Features features = std::move(extract_features(model, {&image, 1}, {.keep_maps = true}).front());
    const std::vector<float> subject = find_subject(model, features);
    double inside = 0;
    for (int y = 0; y < subject_grid; ++y)
        for (int x = 0; x < subject_grid; ++x) {
            const double right = (x + 0.5) / subject_grid - box["x"].get<double>();
            const double down = (y + 0.5) / subject_grid - box["y"].get<double>();
            if (right > 0 && down > 0 && right < box["w"].get<double>() && down < box["h"].get<double>())
                inside += subject[static_cast<std::size_t>(y * subject_grid + x)];
        }
    return inside;
}

}  // namespace

TEST_CASE("a brand's posters from a folder of photos, and what was chosen of them back into its taste",
          "[brand_posters]") {
    if (!fs::exists(wallpapers / (candidates.front() + ".jpg"))) {
        std::cout << "[skipped] the photos of lomiri-wallpapers-16.04 are not installed\n";
        return;
    }
    const Brand brand;
    const auto learned =
        brand.run({"adapt", "--liked", (brand.folder / "published").string(), "--among", wallpapers.string(),
                   "--model", "lite", "--output", brand.profile.string()});
    INFO(learned.errors);
    REQUIRE(learned.exit_code == 0);

    // Which template suits which photo.
    const auto rows = brand.crops(candidates, {});
    REQUIRE(rows.size() == candidates.size() * brand.templates.size());
    const Model model = load_model("lite", {.device = "cpu"});
    std::map<std::string, double> fits;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Json& row = rows[i];
        CAPTURE(row["path"], row["format"]);
        CHECK(row["rank"] == i % brand.templates.size() + 1);
        CHECK_FALSE(row["fit_reasons"].empty());
        if (row["rank"] != 1) {
            CHECK(row["fit"] <= rows[i - 1]["fit"]);
            continue;
        }
        CHECK_FALSE(breaks(row["crops"][0], "contrast"));
        // Whole, or the crop says that it does not fit.
        const bool fits_whole =
            row["crops"][0]["reasons"].dump().find("does not fit whole") == std::string::npos;
        CHECK(subject_in(model, row["path"].get<std::string>(), row["crops"][0]["normalized"]) >
              (fits_whole ? 0.8 : 0.5));
        fits[row["path"]] = row["fit"];
    }
    const auto best = std::max_element(fits.begin(), fits.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    CHECK(best->second > 0.3);
}

TEST_CASE("posters are drawn at their size, with text that reads, and hold what must stay whole",
          "[brand_posters]") {
    if (!fs::exists(wallpapers / (candidates.front() + ".jpg"))) {
        std::cout << "[skipped] the photos of lomiri-wallpapers-16.04 are not installed\n";
        return;
    }
    const Brand brand;
    REQUIRE(brand
                .run({"adapt", "--liked", (brand.folder / "published").string(), "--among",
                      wallpapers.string(), "--model", "lite", "--output", brand.profile.string()})
                .exit_code == 0);
    const Box keep{0.45, 0.55, 0.1, 0.15};
    const auto rows = brand.crops({candidates[2]}, {"--keep", "0.45,0.55,0.1,0.15", "--text", "", "--text",
                                                    "", "--svg", brand.posters.string()});
    REQUIRE(rows.size() == brand.templates.size());
    std::string showing, first;
    std::set<std::string> crops;  // two templates may show the same
    for (const Json& row : rows) {
        CAPTURE(row["format"]);
        const Json& crop = row["crops"][0];
        const Json& box = crop["normalized"];
        if (!breaks(crop, "keep")) {
            CHECK(box["x"].get<double>() <= keep.x + 1e-6);
            CHECK(box["y"].get<double>() <= keep.y + 1e-6);
            CHECK(box["x"].get<double>() + box["w"].get<double>() >= keep.right() - 1e-6);
            CHECK(box["y"].get<double>() + box["h"].get<double>() >= keep.bottom() - 1e-6);
        }
        REQUIRE(row["files"].size() == 1);
        const Image poster = rendered(row["files"][0].get<std::string>());
        if (row["size"][0] > 0) {
            CHECK(poster.size() == Size{row["size"][0], row["size"][1]});
        } else {
            const double aspect = crop["box"]["w"].get<double>() / crop["box"]["h"].get<double>();
            CHECK(static_cast<double>(poster.width()) / poster.height() == Approx(aspect).epsilon(0.01));
            CHECK(std::max(poster.width(), poster.height()) <= 2400);
        }
        REQUIRE_FALSE(crop["copy"].empty());
        for (const Json& area : crop["copy"]) {
            if (breaks(crop, "contrast")) continue;
            CHECK(area["contrast_on_scrim"].get<double>() >= wanted_contrast);
            // In what is drawn, which JPEG and another scaling change a little.
            CHECK(least_contrast(poster, area, parse_colour(area["text"])) > 0.93 * wanted_contrast);
        }
        showing += (showing.empty() ? "" : "|") + crop["id"].get<std::string>();
        crops.insert(crop["id"]);
        if (first.empty()) first = crop["id"];
    }

    // Somebody was shown all six and chose the first.
    test::write_bytes(brand.folder / "choices.csv", "shown,chosen\n\"" + showing + "\",\"" + first + "\"\n");
    const std::size_t before = load_profile(brand.profile).events().size();
    const auto updated =
        brand.run({"adapt", "--update", brand.profile.string(), "--choices",
                   (brand.folder / "choices.csv").string(), "--images", wallpapers.string()});
    INFO(updated.errors);
    CHECK(updated.exit_code == 0);
    const UserProfile profile = load_profile(brand.profile);
    REQUIRE(profile.events().size() == before + crops.size() - 1);
    for (std::size_t i = before; i < profile.events().size(); ++i)
        CHECK(profile.events()[i].value == Approx(2.0 / static_cast<double>(crops.size())));
}
