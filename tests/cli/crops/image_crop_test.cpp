#include "crops/image_crop.h"

#include <utility>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include <piaa/level.h>

#include "metadata/embedded_xmp.h"
#include "metadata/orientation.h"
#include "metadata/photo_metadata.h"
#include "photos/image_file.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/dng.h"
#include "support/exiftool.h"
#include "support/level_pictures.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
using Json = nlohmann::json;

namespace {

Json all_tags(const boost::filesystem::path& file) {
    return Json::parse(
               test::ChildProcess({test::exiftool_program, "-j", "-G1", "-n", file.string()}).wait().output)
        .at(0);
}

void add_tags(const boost::filesystem::path& file) {
    const auto ending =
        test::ChildProcess({test::exiftool_program, "-q", "-overwrite_original", "-IFD0:Artist=Ann Example",
                            "-ExifIFD:DateTimeOriginal=2021:05:06 07:08:09", "-XMP-dc:Title=A title",
                            "-XMP-xmp:Rating=4", file.string()})
            .wait();
    INFO(ending.output);
    REQUIRE(ending.exit_code == 0);
}

}  // namespace

TEST_CASE("a crop keeps colour profile and metadata, and is upright", "[image_crop]") {
    if (!test::has_exiftool()) return;
    const test::TemporaryFolder folder;
    const std::string suffix = GENERATE(".jpg", ".png", ".webp", ".tif");
    const int orientation = GENERATE(1, 6);
    if (suffix == ".png" && orientation != 1) return;  // the test's writer stores none there
    INFO(suffix << ", orientation " << orientation);
    const Image picture = test::disc({240, 160}, 0.7, 0.4, 0.12, {20, 30, 40}, {200, 180, 90});
    const auto photo = test::write_photo(picture, folder / "photo",
                                         {.suffix = suffix, .space = "p3", .orientation = orientation});
    add_tags(photo);
    CHECK(crop_suffix(photo) == suffix);
    const auto crop = folder / ("crop" + suffix);
    const auto size = GENERATE(std::optional<Size>(), std::optional<Size>({60, 45}));
    write_crop(photo, {100, 20, 120, 90}, size, crop);

    const Json before = all_tags(photo), after = all_tags(crop);
    for (const std::string tag : {"XMP-dc:Title", "XMP-xmp:Rating", "ICC_Profile:ProfileDescription",
                                  "IFD0:Artist", "ExifIFD:DateTimeOriginal"}) {
        INFO(tag);
        REQUIRE(before.contains(tag));
        REQUIRE(after.contains(tag));
        CHECK(after[tag] == before[tag]);
    }
    CHECK(after.value("IFD0:Orientation", 1) == 1);
    const Image cut = read_full_image(crop);
    CHECK(cut.size() == size.value_or(Size{120, 90}));
    // The disc's middle, in sRGB again.
    const std::uint8_t* there = picture.at(168, 64);
    const std::uint8_t* here = cut.at((168 - 100) * cut.width() / 120, (64 - 20) * cut.height() / 90);
    for (int c = 0; c < 3; ++c) CHECK(std::abs(int(there[c]) - int(here[c])) < 12);
}

TEST_CASE("a crop of a RAW photo keeps what it says of the photo, not how its pixels were stored",
          "[image_crop]") {
    if (!test::has_exiftool()) return;
    const test::TemporaryFolder folder;
    const auto photo = folder / "photo.dng", crop = folder / "crop.jpg";
    test::write_bytes(photo, test::dng_bytes(test::random_pixels({96, 64}), "", {}, 6));
    add_tags(photo);
    write_crop(photo, {4, 8, 40, 30}, std::nullopt, crop);
    const Json before = all_tags(photo), after = all_tags(crop);
    for (const std::string tag :
         {"XMP-dc:Title", "XMP-xmp:Rating", "IFD0:Artist", "IFD0:Model", "ExifIFD:DateTimeOriginal"}) {
        INFO(tag);
        REQUIRE(before.contains(tag));
        REQUIRE(after.contains(tag));
        CHECK(after[tag] == before[tag]);
    }
    CHECK(before["IFD0:Orientation"] == 6);
    CHECK(after["IFD0:Orientation"] == 1);
    CHECK(read_full_image(crop).size() == Size{40, 30});
}

namespace {

std::string mwg_region(const std::string& name, const Box& stored) {
    const auto number = [](double value) { return std::to_string(value); };
    return "<rdf:li><rdf:Description mwg-rs:Name=\"" + name +
           "\" mwg-rs:Type=\"Face\"><mwg-rs:Area stArea:x=\"" + number(stored.x + stored.width / 2) +
           "\" stArea:y=\"" + number(stored.y + stored.height / 2) + "\" stArea:w=\"" + number(stored.width) +
           "\" stArea:h=\"" + number(stored.height) +
           "\" stArea:unit=\"normalized\"/></rdf:Description></rdf:li>";
}

std::string iptc_region(const std::string& name, const Box& box, const std::string& more = "") {
    const auto number = [](double value) { return std::to_string(value); };
    return "<rdf:li rdf:parseType=\"Resource\"><Iptc4xmpExt:Name>" + name +
           "</Iptc4xmpExt:Name><Iptc4xmpExt:RegionBoundary Iptc4xmpExt:rbShape=\"rectangle\" "
           "Iptc4xmpExt:rbUnit=\"relative\" "
           "Iptc4xmpExt:rbX=\"" +
           number(box.x) + "\" Iptc4xmpExt:rbY=\"" + number(box.y) + "\" Iptc4xmpExt:rbW=\"" +
           number(box.width) + "\" Iptc4xmpExt:rbH=\"" + number(box.height) + "\"/>" + more + "</rdf:li>";
}

/// A photo of 240x160 as people see it, with regions where they say.
boost::filesystem::path photo_with_regions(const test::TemporaryFolder& folder, int orientation, Size applied,
                                           const std::vector<std::string>& mwg,
                                           const std::vector<std::string>& iptc) {
    const auto photo = test::write_photo(test::plain({240, 160}, {90, 120, 60}),
                                         folder / ("photo" + std::to_string(orientation)),
                                         {.suffix = ".jpg", .orientation = orientation});
    std::string packet =
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
        "xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\" "
        "xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\" "
        "xmlns:stDim=\"http://ns.adobe.com/xap/1.0/sType/Dimensions#\" "
        "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
        "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"4\">"
        "<mwg-rs:Regions rdf:parseType=\"Resource\"><mwg-rs:AppliedToDimensions stDim:w=\"" +
        std::to_string(applied.width) + "\" stDim:h=\"" + std::to_string(applied.height) +
        "\" stDim:unit=\"pixel\"/><mwg-rs:RegionList><rdf:Bag>";
    for (const auto& region : mwg) packet += region;
    packet += "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions><Iptc4xmpExt:ImageRegion><rdf:Bag>";
    for (const auto& region : iptc) packet += region;
    packet += "</rdf:Bag></Iptc4xmpExt:ImageRegion></rdf:Description></rdf:RDF></x:xmpmeta>";
    const std::string bytes = test::read_bytes(photo);
    test::write_bytes(photo, spliced(bytes, EmbeddedXmp(bytes).replaced_by(packet)));
    return photo;
}

double number_in(const PhotoMetadata& metadata, const std::string& key) {
    INFO(key);
    const auto text = metadata.in_xmp(key.c_str());
    REQUIRE(text);
    return std::stod(*text);
}

}  // namespace

TEST_CASE("regions of a photo are moved into its crop, or dropped when most of them lies outside",
          "[image_crop]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 3, 6, 8);
    const bool by_pixels_seen = GENERATE(false, true);  // some programs write what people see
    if (by_pixels_seen && orientation < 5) return;
    CAPTURE(orientation, by_pixels_seen);
    // In pixels of the photo that people see: whole in the crop, a quarter outside, mostly outside.
    const Box whole{120 / 240., 40 / 160., 30 / 240., 30 / 160.},
        most{90 / 240., 40 / 160., 40 / 240., 20 / 160.}, little{60 / 240., 40 / 160., 50 / 240., 20 / 160.};
    const auto in_file = [&](const Box& seen) {
        return by_pixels_seen ? seen : before_orientation(seen, orientation);
    };
    const bool turned = orientation >= 5 && !by_pixels_seen;
    const auto photo = photo_with_regions(
        folder, orientation, turned ? Size{160, 240} : Size{240, 160},
        {mwg_region("outside", in_file(little)), mwg_region("whole", in_file(whole)),
         mwg_region("most", in_file(most))},
        {iptc_region("whole", whole), iptc_region("outside", little),
         iptc_region("to crop", whole,
                     "<Iptc4xmpExt:rRole><rdf:Bag><rdf:li "
                     "rdf:parseType=\"Resource\"><xmp:Identifier><rdf:Bag><rdf:li>"
                     "http://cv.iptc.org/newscodes/imageregionrole/recomCropping</rdf:li></rdf:Bag>"
                     "</xmp:Identifier></rdf:li></rdf:Bag></Iptc4xmpExt:rRole>")});
    const auto crop = folder / "crop.jpg";
    write_crop(photo, {100, 20, 120, 80}, Size{60, 40}, crop);

    const PhotoMetadata after = metadata_inside(crop);
    CHECK(after.in_xmp("Xmp.xmp.Rating") == "4");
    const std::string regions = "Xmp.mwg-rs.Regions/mwg-rs:";
    CHECK(number_in(after, regions + "AppliedToDimensions/stDim:w") == 60);
    CHECK(number_in(after, regions + "AppliedToDimensions/stDim:h") == 40);
    const auto area = [&](int place, const std::string& name) {
        return number_in(after,
                         regions + "RegionList[" + std::to_string(place) + "]/mwg-rs:Area/stArea:" + name);
    };
    CHECK(after.in_xmp((regions + "RegionList[1]/mwg-rs:Name").c_str()) == "whole");
    CHECK(area(1, "x") == Approx(35 / 120.).margin(1e-4));
    CHECK(area(1, "y") == Approx(35 / 80.).margin(1e-4));
    CHECK(area(1, "w") == Approx(30 / 120.).margin(1e-4));
    CHECK(area(1, "h") == Approx(30 / 80.).margin(1e-4));
    CHECK(after.in_xmp((regions + "RegionList[2]/mwg-rs:Name").c_str()) == "most");
    CHECK(area(2, "x") == Approx(15 / 120.).margin(1e-4));
    CHECK(area(2, "w") == Approx(30 / 120.).margin(1e-4));
    CHECK_FALSE(after.in_xmp((regions + "RegionList[3]/mwg-rs:Name").c_str()));

    // Nested names begin as the XMP toolkit likes it.
    const auto boundary = [&](int place, const std::string& side) {
        const std::string region = "Xmp.iptcExt.ImageRegion[" + std::to_string(place) + "]";
        for (const std::string prefix : {"/iptcExt:", "/Iptc4xmpExt:"})
            if (const auto text = after.in_xmp((region + prefix + "RegionBoundary" + prefix + side).c_str()))
                return std::stod(*text);
        return -1.;
    };
    CHECK(boundary(2, "rbX") == -1);
    if (orientation == 1) {
        CHECK(boundary(1, "rbX") == Approx(20 / 120.).margin(1e-4));
        CHECK(boundary(1, "rbW") == Approx(30 / 120.).margin(1e-4));
    } else {
        CHECK(boundary(1, "rbX") == -1);
    }
}

TEST_CASE("regions that were made for a picture of another shape are dropped", "[image_crop]") {
    const test::TemporaryFolder folder;
    const auto photo =
        photo_with_regions(folder, 1, {200, 200}, {mwg_region("whole", {0.5, 0.3, 0.1, 0.1})}, {});
    const auto crop = folder / "crop.jpg";
    write_crop(photo, {100, 20, 120, 80}, std::nullopt, crop);
    const PhotoMetadata after = metadata_inside(crop);
    CHECK(after.in_xmp("Xmp.xmp.Rating") == "4");
    CHECK_FALSE(after.in_xmp("Xmp.mwg-rs.Regions/mwg-rs:RegionList[1]/mwg-rs:Name"));
}

TEST_CASE("a crop of a tilted photo is level, without corners, upright and keeps its metadata",
          "[image_crop]") {
    const test::TemporaryFolder folder;
    const std::string suffix = GENERATE(".jpg", ".png", ".tif");
    const int orientation = GENERATE(1, 6);
    if (suffix == ".png" && orientation != 1) return;  // the test's writer stores none there
    INFO(suffix << ", orientation " << orientation);
    const double tilt = 4;
    const Image picture = test::facade({480, 320}, tilt);
    const auto photo = test::write_photo(picture, folder / "photo",
                                         {.suffix = suffix, .space = "p3", .orientation = orientation});
    if (test::has_exiftool()) add_tags(photo);
    const auto crop = folder / ("crop" + suffix);
    const PixelBox box{0, 0, 200, 150};  // of the frame's corner, which touches the photo's edge
    write_crop(photo, box, std::nullopt, crop, tilt);
    const Image cut = read_full_image(crop), wanted = levelled(picture, tilt, box);
    REQUIRE(cut.size() == wanted.size());
    CHECK(test::mean_difference(cut, wanted) < 8);
    for (const auto& [x, y] : {std::pair(0, 0), std::pair(199, 0), std::pair(0, 149), std::pair(199, 149)})
        for (int c = 0; c < 3; ++c) CHECK(std::abs(int(cut.at(x, y)[c]) - int(wanted.at(x, y)[c])) < 60);
    if (!test::has_exiftool()) return;
    const Json before = all_tags(photo), after = all_tags(crop);
    for (const std::string tag : {"XMP-dc:Title", "ICC_Profile:ProfileDescription", "IFD0:Artist"})
        CHECK(after[tag] == before[tag]);
    CHECK(after.value("IFD0:Orientation", 1) == 1);
}
