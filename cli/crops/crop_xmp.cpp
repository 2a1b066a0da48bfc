#include "crops/crop_xmp.h"

#include <array>
#include <cmath>
#include <functional>
#include <locale>
#include <optional>
#include <sstream>
#include <string_view>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/level.h>

#include "changes/undo_log.h"
#include "crops/image_crop.h"
#include "metadata/orientation.h"
#include "metadata/photo_lock.h"
#include "metadata/photo_metadata.h"
#include "metadata/xml_text.h"
#include "metadata/xmp_sidecar.h"
#include "photos/image_file.h"
#include "photos/photo_family.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

const std::string regions = "Xmp.iptcExt.ImageRegion";
const std::string our_id = "piaa-crop-";
constexpr const char* recommended = "http://cv.iptc.org/newscodes/imageregionrole/recomCropping";

std::string number(double value) {
    return fmt::format("{:.6f}", value);
}

constexpr std::string_view iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

/// exiv2 0.27 cannot read a packet in which a namespace has two prefixes, so ours is the one that it has.
std::string iptc_prefix(const std::string& packet) {
    const auto declared = packet.find("=\"" + std::string(iptc) + '"');
    const auto start = declared == std::string::npos ? declared : packet.rfind("xmlns:", declared);
    return start == std::string::npos ? "Iptc4xmpExt" : packet.substr(start + 6, declared - start - 6);
}

/// An IPTC Image Region with a recommended crop.
std::string region_of(const std::string& prefix, const std::string& name, const Box& box,
                      const Levelling& level) {
    const auto start = [&](const std::string& field) { return "<" + prefix + ":" + field; };
    const auto end = [&](const std::string& field) { return "</" + prefix + ":" + field + ">"; };
    const auto field = [&](const std::string& field, const std::string& value) {
        return start(field) + ">" + value + end(field);
    };
    const auto shape = [&] {
        if (level.angle == 0)
            return field("rbX", number(box.x)) + field("rbY", number(box.y)) +
                   field("rbW", number(box.width)) + field("rbH", number(box.height));
        std::string vertices;
        for (const Point& corner : level.corners(box))
            vertices += "<rdf:li rdf:parseType=\"Resource\">" + field("rbX", number(corner.x)) +
                        field("rbY", number(corner.y)) + "</rdf:li>";
        return field("rbVertices", "<rdf:Seq>" + vertices + "</rdf:Seq>");
    };
    return "<rdf:li xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:" + prefix + "=\"" +
           std::string(iptc) + "\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" rdf:parseType=\"Resource\">" +
           start("RegionBoundary") + " rdf:parseType=\"Resource\">" +
           field("rbShape", level.angle == 0 ? "rectangle" : "polygon") + field("rbUnit", "relative") +
           shape() + end("RegionBoundary") + field("rId", xml_text(name)) + start("rRole") +
           "><rdf:Bag><rdf:li rdf:parseType=\"Resource\"><xmp:Identifier><rdf:Bag><rdf:li>" + recommended +
           "</rdf:li></rdf:Bag></xmp:Identifier></rdf:li></rdf:Bag>" + end("rRole") + "</rdf:li>";
}

/// Those of an earlier run give way.
void set_regions(XmpSidecar& sidecar, const Levelling& level, const std::vector<FormatCrops>& crops) {
    const std::string prefix = iptc_prefix(sidecar.before().value_or(""));
    std::vector<std::string> items;
    for (const FormatCrops& format : crops)
        for (std::size_t rank = 0; rank < format.result.crops.size(); ++rank)
            items.push_back(region_of(prefix, our_id + format.format + "-" + std::to_string(rank + 1),
                                      normalized(format.result.crops[rank].box, level.frame()), level));
    sidecar.set_items(regions, prefix, our_id, items);
}

/// A crop as crs: says it: two corners of a rectangle that is turned clockwise by the angle on the photo,
/// which lies as its file holds it.
struct CameraRawCrop {
    Point top_left;
    Point bottom_right;
    double angle = 0;  ///< degrees
};

CameraRawCrop camera_raw_crop(const Levelling& level, const Box& box, int orientation) {
    if (level.angle == 0) {
        const Box sides = before_orientation(box, orientation);
        return {{sides.x, sides.y}, {sides.right(), sides.bottom()}, 0};
    }
    const auto corners = level.corners(box);
    const auto stored = [&](const Point& point) {
        const Box at = before_orientation({point.x, point.y, 0, 0}, orientation);
        return Point{at.x, at.y};
    };
    CameraRawCrop crop;
    constexpr std::array<Point, 4> unit{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    for (std::size_t i = 0; i < unit.size(); ++i) {
        const Point corner = stored(unit[i]);
        if (corner.x < 0.5 && corner.y < 0.5) crop.top_left = stored(corners[i]);
        if (corner.x > 0.5 && corner.y > 0.5) crop.bottom_right = stored(corners[i]);
    }
    const bool mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
    crop.angle = mirrored ? -level.angle : level.angle;
    return crop;
}

/// The four sides as crs: says them, and the angle where there is one.
std::string sides_of(const CameraRawCrop& crop) {
    return number(crop.top_left.x) + " " + number(crop.top_left.y) + " " + number(crop.bottom_right.x) + " " +
           number(crop.bottom_right.y) + (crop.angle == 0 ? "" : " " + number(crop.angle));
}

/// What a key of XMP says, in a sidecar or in a photo.
using Values = std::function<std::optional<std::string>(const std::string& key)>;

/// Values as some program wrote them; nothing for one that is no number.
std::optional<double> crs_value(const Values& values, const std::string& name) {
    const auto text = values("Xmp.crs." + name);
    if (!text) return std::nullopt;
    std::istringstream in(*text);
    in.imbue(std::locale::classic());
    double value = 0;
    return in >> value ? std::optional(value) : std::nullopt;
}

/// Whether there is a crop that is not as we wrote it. Programs write HasCrop as "True", "true" or "1", or
/// leave it out.
bool cropped_by_hand(const Values& values) {
    constexpr std::array<std::pair<const char*, double>, 4> sides{
        {{"CropLeft", 0}, {"CropTop", 0}, {"CropRight", 1}, {"CropBottom", 1}}};
    std::string has = values("Xmp.crs.HasCrop").value_or("");
    boost::algorithm::trim(has);
    boost::algorithm::to_lower(has, std::locale::classic());
    const double angle = crs_value(values, "CropAngle").value_or(0);
    bool whole = std::abs(angle) < 1e-6;
    bool ours = true;
    std::istringstream written(values("Xmp.piaa.CameraRawCrop").value_or(""));
    written.imbue(std::locale::classic());
    for (const auto& [name, otherwise] : sides) {
        const double value = crs_value(values, name).value_or(otherwise);
        whole = whole && std::abs(value - otherwise) < 1e-6;
        double our_value = 0;
        ours = written >> our_value && std::abs(value - our_value) < 2e-6 && ours;
    }
    double our_angle = 0;
    if (!(written >> our_angle)) our_angle = 0;
    ours = ours && std::abs(angle - our_angle) < 2e-6;
    if (ours || has == "false" || has == "0" || has == "no") return false;
    return !whole || has == "true" || has == "1" || has == "yes";
}

/// Throws where somebody cropped the photo already: in the sidecar, or in the photo itself, where Camera Raw
/// keeps what it says of DNG, JPEG, TIFF and HEIC.
void check_uncropped(const XmpSidecar& sidecar, const fs::path& cropped) {
    const Values beside = [&](const std::string& key) { return sidecar.text(key); };
    if (cropped_by_hand(beside))
        throw Error(ErrorCode::bad_data,
                    sidecar.file().string() + ": has a crop of another program already; --force replaces it");
    if (sidecar.text("Xmp.piaa.CameraRawCrop")) return;  // of an earlier run, which was allowed to
    const PhotoMetadata inside = metadata_inside(cropped);
    if (inside.unread)
        throw Error(ErrorCode::bad_data, cropped.string() + ": " + *inside.unread +
                                             "; it may hold a crop of another program, and --force writes "
                                             "one beside it all the same");
    if (cropped_by_hand([&](const std::string& key) { return inside.in_xmp(key.c_str()); }))
        throw Error(ErrorCode::bad_data, cropped.string() +
                                             ": holds a crop of another program already; --force writes "
                                             "one beside it all the same");
}

void set_camera_raw(XmpSidecar& sidecar, const CameraRawCrop& crop) {
    sidecar.set("Xmp.crs.HasCrop", "True");
    sidecar.set("Xmp.crs.CropLeft", number(crop.top_left.x));
    sidecar.set("Xmp.crs.CropTop", number(crop.top_left.y));
    sidecar.set("Xmp.crs.CropRight", number(crop.bottom_right.x));
    sidecar.set("Xmp.crs.CropBottom", number(crop.bottom_right.y));
    sidecar.set("Xmp.crs.CropAngle", crop.angle == 0 ? "0" : number(crop.angle));
    sidecar.set("Xmp.piaa.CameraRawCrop", sides_of(crop));
}

/// The RAW file of a photo: itself, or the one beside it; empty for none.
fs::path raw_file_of(const fs::path& photo) {
    for (const auto& file : picture_files(photo))
        if (photo_part(file) == PhotoPart::raw) return file;
    return {};
}

/// Lightroom and Camera Raw read IMG.xmp beside a RAW file and no other name.
fs::path camera_raw_sidecar(const fs::path& raw) {
    for (const auto& sidecar : xmp_sidecars(raw))
        if (sidecar.stem() == raw.stem()) return sidecar;
    return fs::path(raw).replace_extension(".xmp");
}

/// Throws when a crop of the picture says nothing of its RAW file, of which the camera shows another part.
void check_frame(const fs::path& photo, Size size, const fs::path& raw) {
    if (raw == photo) return;
    const Size frame = read_header(raw).size;
    const double shape = static_cast<double>(size.width) / size.height * frame.height / frame.width;
    if (std::abs(std::log(shape)) > 0.03)
        throw Error(ErrorCode::bad_data, raw.string() + ": has another shape than " + photo.string() +
                                             ", so the crop is not written as crs: values");
}

}  // namespace

bool is_stem_sidecar_of_picture(const fs::path& photo, const fs::path& sidecar) {
    return sidecar.stem() == photo.stem() && raw_file_of(photo).empty();
}

fs::path write_crop_xmp(const fs::path& photo, Size size, const std::vector<FormatCrops>& crops,
                        const CropXmpOptions& options) {
    const PhotoLock lock(photo);
    const fs::path raw = options.camera_raw ? raw_file_of(photo) : fs::path();
    XmpSidecar sidecar(raw.empty() ? find_sidecar(photo).value_or(new_sidecar(photo))
                                   : camera_raw_sidecar(raw));
    const Levelling level{options.angle, size};
    set_regions(sidecar, level, crops);
    if (options.camera_raw) {
        const fs::path& cropped = raw.empty() ? photo : raw;
        check_frame(photo, size, cropped);
        const Box best = normalized(crops.front().result.crops.front().box, level.frame());
        if (!options.force) check_uncropped(sidecar, cropped);
        set_camera_raw(sidecar, camera_raw_crop(level, best, read_orientation(cropped)));
    }
    if (!sidecar.changed()) return sidecar.file();
    if (options.log) options.log->will_write(sidecar.file(), sidecar.before(), sidecar.packet());
    sidecar.write();
    return sidecar.file();
}

}  // namespace piaa::cli
