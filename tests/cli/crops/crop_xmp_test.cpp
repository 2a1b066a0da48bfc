#include "crops/crop_xmp.h"

#include <cmath>
#include <optional>
#include <sstream>
#include <string>

#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem.hpp>

#include <piaa/error.h>
#include <piaa/level.h>

#include "changes/undo_log.h"
#include "metadata/embedded_xmp.h"
#include "metadata/orientation.h"
#include "metadata/xmp_sidecar.h"
#include "support/catch.h"
#include "support/dng.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

const std::string regions = "Xmp.iptcExt.ImageRegion";

CropResult crops_at(std::initializer_list<PixelBox> boxes) {
    CropResult result;
    for (const PixelBox& box : boxes) {
        result.crops.emplace_back();
        result.crops.back().box = box;
    }
    return result;
}

/// A field of a region, by whichever prefix the file's namespaces have.
std::optional<std::string> of_region(const XmpSidecar& sidecar, int place, std::string field) {
    const std::string region = regions + "[" + std::to_string(place) + "]";
    for (const std::string prefix : {"iptcExt:", "Iptc4xmpExt:"}) {
        const std::string key = region + boost::replace_all_copy(field, "/", "/" + prefix);
        if (const auto text = sidecar.text(key)) return text;
    }
    return std::nullopt;
}

double value(const XmpSidecar& sidecar, const std::string& key) {
    return std::stod(sidecar.text(key).value());
}

}  // namespace

TEST_CASE("crops become image regions of a sidecar and replace those of an earlier run", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo");
    const auto file = new_sidecar(photo);
    // As Adobe's programs write them, and with a resource.
    const std::string theirs =
        "<rdf:li rdf:parseType=\"Resource\"><Iptc4xmpExt:rId>somebody's</Iptc4xmpExt:rId>"
        "<Iptc4xmpExt:RegionBoundary Iptc4xmpExt:rbShape=\"rectangle\" Iptc4xmpExt:rbX=\"0.5\"/>"
        "<Iptc4xmpExt:rCtype rdf:resource=\"http://cv.iptc.org/newscodes/imageregiontype/human\"/></rdf:li>";
    test::write_bytes(
        file,
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
        "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
        "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"4\"><Iptc4xmpExt:ImageRegion>"
        "<rdf:Bag>" +
            theirs + "</rdf:Bag></Iptc4xmpExt:ImageRegion></rdf:Description></rdf:RDF></x:xmpmeta>");

    CHECK(write_crop_xmp(photo, {200, 100}, {{"free", crops_at({{20, 10, 100, 50}, {0, 0, 50, 100}})}}, {}) ==
          file);
    write_crop_xmp(photo, {200, 100}, {{"1:1", crops_at({{50, 0, 100, 100}})}}, {});

    const XmpSidecar after(file);
    CHECK(after.text("Xmp.xmp.Rating") == "4");
    CHECK_THAT(test::read_bytes(file), ContainsSubstring(theirs));
    CHECK(of_region(after, 2, "/rId") == "piaa-crop-1:1-1");
    const auto boundary = [&](const std::string& field) {
        return of_region(after, 2, "/RegionBoundary/" + field).value();
    };
    CHECK(boundary("rbShape") == "rectangle");
    CHECK(boundary("rbUnit") == "relative");
    CHECK(std::stod(boundary("rbX")) == Approx(0.25));
    CHECK(std::stod(boundary("rbY")) == Approx(0).margin(1e-9));
    CHECK(std::stod(boundary("rbW")) == Approx(0.5));
    CHECK(std::stod(boundary("rbH")) == Approx(1));
    CHECK_FALSE(after.text(regions + "[3]"));
    CHECK_FALSE(after.text("Xmp.crs.HasCrop"));
}

TEST_CASE("a crs: crop comes on request, as the file lies, and never over somebody else's", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo", {.suffix = ".jpg", .orientation = 3});
    const std::vector<FormatCrops> crops{{"free", crops_at({{20, 10, 100, 50}})}};
    const auto file = write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true});
    {
        const XmpSidecar sidecar(file);
        CHECK(sidecar.text("Xmp.crs.HasCrop") == "True");
        CHECK(value(sidecar, "Xmp.crs.CropLeft") == Approx(0.4));
        CHECK(value(sidecar, "Xmp.crs.CropRight") == Approx(0.9));
        CHECK(value(sidecar, "Xmp.crs.CropTop") == Approx(0.4));
        CHECK(value(sidecar, "Xmp.crs.CropBottom") == Approx(0.9));
    }
    write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true});  // its own crop may be replaced

    XmpSidecar theirs(file);
    theirs.remove("Xmp.piaa.CameraRawCrop");
    theirs.write();
    const std::string bytes = test::read_bytes(file);
    CHECK_THROWS_AS(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}), Error);
    CHECK(test::read_bytes(file) == bytes);
    CHECK_NOTHROW(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true, .force = true}));
}

TEST_CASE("a box is told as it lies in the file for each orientation", "[crop_xmp]") {
    const Box box{0.1, 0.2, 0.3, 0.5};
    const auto close = [](const Box& a, const Box& b) { return overlap(a, b) > 0.999; };
    CHECK(close(before_orientation(box, 1), box));
    CHECK(close(before_orientation(box, 2), {0.6, 0.2, 0.3, 0.5}));
    CHECK(close(before_orientation(box, 3), {0.6, 0.3, 0.3, 0.5}));
    CHECK(close(before_orientation(box, 4), {0.1, 0.3, 0.3, 0.5}));
    CHECK(close(before_orientation(box, 5), {0.2, 0.1, 0.5, 0.3}));
    // Upright is the file turned to the right: its left is the file's bottom.
    CHECK(close(before_orientation(box, 6), {0.2, 0.6, 0.5, 0.3}));
    CHECK(close(before_orientation(box, 7), {0.3, 0.6, 0.5, 0.3}));
    CHECK(close(before_orientation(box, 8), {0.3, 0.1, 0.5, 0.3}));
}

TEST_CASE("a crs: crop of a RAW file lies as the sensor saw it", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo = folder / "photo.dng";
    const int orientation = GENERATE(1, 3, 6, 8);
    test::write_bytes(
        photo, test::dng_bytes(test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}), "", {},
                               orientation));
    const Size upright = orientation < 5 ? Size{200, 100} : Size{100, 200};
    const PixelBox box{10, 20, 50, 60};
    const auto file = write_crop_xmp(photo, upright, {{"free", crops_at({box})}}, {.camera_raw = true});
    CHECK(file == folder / "photo.xmp");  // the only name that Lightroom reads
    const Box stored = before_orientation(normalized(box, upright), orientation);
    const XmpSidecar sidecar(file);
    CHECK(value(sidecar, "Xmp.crs.CropLeft") == Approx(stored.x).margin(1e-6));
    CHECK(value(sidecar, "Xmp.crs.CropTop") == Approx(stored.y).margin(1e-6));
    CHECK(value(sidecar, "Xmp.crs.CropRight") == Approx(stored.right()));
    CHECK(value(sidecar, "Xmp.crs.CropBottom") == Approx(stored.bottom()));

    if (!test::has_exiftool()) return;
    const auto all = test::xmp_by_exiftool(file);
    CHECK(all.at("XMP-crs:HasCrop") == true);
    CHECK(all.at("XMP-crs:CropLeft").get<double>() == Approx(stored.x).margin(1e-6));
    CHECK(all.at("XMP-iptcExt:ImageRegion").size() == 1);
}

TEST_CASE("a crop set by hand needs force, however a program spells it", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo", {.suffix = ".jpg"});
    const std::vector<FormatCrops> crops{{"free", crops_at({{20, 10, 100, 50}})}};
    const auto writes = [&](const std::vector<std::pair<std::string, std::string>>& values) {
        boost::filesystem::remove(new_sidecar(photo));
        XmpSidecar before(new_sidecar(photo));
        for (const auto& [name, value] : values) before.set("Xmp.crs." + name, value);
        before.write();
        try {
            write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true});
            return true;
        } catch (const Error&) {
            return false;
        }
    };
    CHECK_FALSE(writes({{"HasCrop", "True"}}));
    CHECK_FALSE(writes({{"HasCrop", "true"}, {"CropLeft", "0.1"}}));
    CHECK_FALSE(writes({{"HasCrop", " 1 "}}));
    CHECK_FALSE(writes({{"CropTop", "0.25"}}));
    CHECK_FALSE(writes({{"CropAngle", "-1.5"}}));
    CHECK(writes({{"HasCrop", "False"}, {"CropLeft", "0.1"}}));
    CHECK(writes({{"CropLeft", "0"}, {"CropRight", "1"}}));
    // Ours, until somebody moves it.
    CHECK_NOTHROW(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}));
    XmpSidecar moved(new_sidecar(photo));
    moved.set("Xmp.crs.CropLeft", "0.3");
    moved.write();
    CHECK_THROWS_AS(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}), Error);
}

TEST_CASE("a crs: crop of a pair is the RAW file's, in its frame and where Lightroom reads it",
          "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const Image wide = test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255});
    const Image tall = test::disc({100, 200}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255});
    const auto photo = test::write_photo(tall, folder / "a", {.suffix = ".jpg"});
    test::write_bytes(folder / "a.dng", test::dng_bytes(wide, "", {}, 6));
    const PixelBox box{10, 20, 50, 60};
    const std::vector<FormatCrops> crops{{"free", crops_at({box})}};
    CHECK(write_crop_xmp(photo, {100, 200}, crops, {.camera_raw = true}) == folder / "a.xmp");
    const Box stored = before_orientation(normalized(box, {100, 200}), 6);
    const XmpSidecar sidecar(folder / "a.xmp");
    CHECK(value(sidecar, "Xmp.crs.CropLeft") == Approx(stored.x).margin(1e-6));
    CHECK(value(sidecar, "Xmp.crs.CropTop") == Approx(stored.y).margin(1e-6));
    // A picture of another shape shows another part of the sensor.
    CHECK_THROWS_AS(write_crop_xmp(photo, {200, 200}, crops, {.camera_raw = true}), Error);

    // Photos of one name do not share a crop.
    const auto png = test::write_photo(wide, folder / "b", {.suffix = ".png"});
    const auto jpg = test::write_photo(wide, folder / "b", {.suffix = ".jpg"});
    XmpSidecar shared(folder / "b.xmp");
    shared.set("Xmp.xmp.Label", "Red");
    shared.write();
    CHECK(write_crop_xmp(jpg, {200, 100}, crops, {.camera_raw = true}) == folder / "b.xmp");
    CHECK(write_crop_xmp(png, {200, 100}, crops, {.camera_raw = true}) == folder / "b.png.xmp");
}

TEST_CASE("a crop that somebody set inside the photo itself needs force too", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo =
        test::write_photo(test::plain({200, 100}, {90, 120, 60}), folder / "photo", {.suffix = ".jpg"});
    const std::string bytes = test::read_bytes(photo);
    const std::vector<FormatCrops> crops{{"free", crops_at({{20, 10, 100, 50}})}};
    const auto with = [&](const std::string& packet) {
        boost::filesystem::remove(new_sidecar(photo));
        test::write_bytes(photo, spliced(bytes, EmbeddedXmp(bytes).replaced_by(packet)));
    };
    const auto said = [](const std::string& attributes) {
        return "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
               "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
               "xmlns:c=\"http://ns.adobe.com/camera-raw-settings/1.0/\" " +
               attributes + "/></rdf:RDF></x:xmpmeta>";
    };
    with(said("c:HasCrop=\"True\" c:CropLeft=\"0.2\""));
    CHECK_THROWS_WITH(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}),
                      ContainsSubstring(photo.string() + ": holds a crop of another program"));
    CHECK_FALSE(boost::filesystem::exists(new_sidecar(photo)));
    CHECK_NOTHROW(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true, .force = true}));
    // Forced once, ours is brought up to date.
    CHECK_NOTHROW(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}));
    with(said("c:HasCrop=\"True\" ") + "<damaged");
    CHECK_THROWS_AS(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}), Error);
    with(said("c:HasCrop=\"False\" c:Exposure2012=\"+0.5\""));
    CHECK_NOTHROW(write_crop_xmp(photo, {200, 100}, crops, {.camera_raw = true}));
}

TEST_CASE("crops in sidecars can be taken back", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto picture = test::plain({200, 100}, {90, 120, 60});
    const auto fresh = test::write_photo(picture, folder / "fresh", {.suffix = ".jpg"});
    const auto known = test::write_photo(picture, folder / "known", {.suffix = ".jpg"});
    boost::filesystem::copy_file(boost::filesystem::path(PIAA_TEST_DATA) / "sidecars" / "lightroom.xmp",
                                 folder / "known.xmp");
    const std::string before = test::read_bytes(folder / "known.xmp");
    {
        UndoLog log(folder / "log", "crop");
        for (const auto& photo : {fresh, known})
            write_crop_xmp(photo, {200, 100}, {{"free", crops_at({{20, 10, 100, 50}})}},
                           {.camera_raw = true, .force = true, .log = &log});
    }
    CHECK(test::read_bytes(folder / "known.xmp") != before);
    std::ostringstream err;
    const UndoSummary summary = undo(folder / "log", false, err);
    INFO(err.str());
    CHECK(summary.restored == 2);
    CHECK(test::read_bytes(folder / "known.xmp") == before);
    CHECK_FALSE(boost::filesystem::exists(new_sidecar(fresh)));
}

TEST_CASE("crops of a levelled photo are polygons of the photo", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::disc({200, 100}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo");
    const double angle = 3.5;
    const PixelBox box{20, 10, 100, 50};
    const XmpSidecar sidecar(
        write_crop_xmp(photo, {200, 100}, {{"free", crops_at({box})}}, {.angle = angle}));
    const Levelling level{angle, {200, 100}};
    const auto corners = level.corners(normalized(box, level.frame()));
    CHECK(of_region(sidecar, 1, "/RegionBoundary/rbShape") == "polygon");
    CHECK(of_region(sidecar, 1, "/RegionBoundary/rbUnit") == "relative");
    for (int i = 0; i < 4; ++i) {
        const std::string vertex = "/RegionBoundary/rbVertices[" + std::to_string(i + 1) + "]";
        CHECK(std::stod(of_region(sidecar, 1, vertex + "/rbX").value()) == Approx(corners[i].x).margin(1e-6));
        CHECK(std::stod(of_region(sidecar, 1, vertex + "/rbY").value()) == Approx(corners[i].y).margin(1e-6));
    }
    CHECK_FALSE(of_region(sidecar, 1, "/RegionBoundary/rbX"));
}

TEST_CASE("a crs: crop of a levelled photo has the corners that Lightroom gives it", "[crop_xmp]") {
    // A crop of a photo of about 3:2 from (0.4, 0.3) to (0.9, 0.8) that Lightroom turned by -10 degrees about
    // its middle.
    const test::TemporaryFolder folder;
    const auto photo = test::write_photo(test::disc({300, 200}, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo", {.suffix = ".jpg"});
    const Size size{30000, 20000};
    const Levelling level{-10, size};
    const double turn = 10 * M_PI / 180;
    const double right = 0.15 * size.width, down = 0.05 * size.height;  // of its middle, from the photo's
    const double x = std::cos(turn) * right - std::sin(turn) * down + level.frame().width / 2.0;
    const double y = std::sin(turn) * right + std::cos(turn) * down + level.frame().height / 2.0;
    const PixelBox box{static_cast<int>(std::lround(x - 7500)), static_cast<int>(std::lround(y - 5000)),
                       15000, 10000};
    const XmpSidecar sidecar(
        write_crop_xmp(photo, size, {{"free", crops_at({box})}}, {.camera_raw = true, .angle = -10}));
    CHECK(value(sidecar, "Xmp.crs.CropAngle") == Approx(-10));
    CHECK(value(sidecar, "Xmp.crs.CropTop") == Approx(0.36916).margin(5e-4));
    CHECK(value(sidecar, "Xmp.crs.CropLeft") == Approx(0.374965).margin(5e-4));
    CHECK(value(sidecar, "Xmp.crs.CropBottom") == Approx(0.73084).margin(5e-4));
    CHECK(value(sidecar, "Xmp.crs.CropRight") == Approx(0.925035).margin(5e-4));
}

TEST_CASE("a crs: crop of a levelled photo is told as the file lies, and may be replaced", "[crop_xmp]") {
    const test::TemporaryFolder folder;
    const int orientation = GENERATE(1, 2, 3, 6, 8);
    const Size upright = orientation < 5 ? Size{200, 100} : Size{100, 200};
    const auto photo = test::write_photo(test::disc(upright, 0.5, 0.5, 0.2, {0, 0, 0}, {255, 255, 255}),
                                         folder / "photo", {.suffix = ".jpg", .orientation = orientation});
    const std::vector<FormatCrops> crops{{"free", crops_at({{10, 15, 50, 40}})}};
    const auto file = write_crop_xmp(photo, upright, crops, {.camera_raw = true, .angle = 5});
    {
        const XmpSidecar sidecar(file);
        CHECK(value(sidecar, "Xmp.crs.CropAngle") == Approx(orientation == 2 ? -5 : 5));
        // In the stored picture the two corners span a rectangle that is turned by the angle.
        const double turn = value(sidecar, "Xmp.crs.CropAngle") * M_PI / 180;
        const double across =
            (value(sidecar, "Xmp.crs.CropRight") - value(sidecar, "Xmp.crs.CropLeft")) * 200;
        const double down = (value(sidecar, "Xmp.crs.CropBottom") - value(sidecar, "Xmp.crs.CropTop")) * 100;
        const double width = std::cos(turn) * across + std::sin(turn) * down;
        const double height = std::cos(turn) * down - std::sin(turn) * across;
        CHECK(width == Approx(orientation < 5 ? 50 : 40).margin(0.01));
        CHECK(height == Approx(orientation < 5 ? 40 : 50).margin(0.01));
    }
    CHECK_NOTHROW(write_crop_xmp(photo, upright, crops, {.camera_raw = true, .angle = 2}));
    CHECK_NOTHROW(write_crop_xmp(photo, upright, crops, {.camera_raw = true}));
}
