#include "metadata/crop_regions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <piaa/level.h>

#include "metadata/orientation.h"

namespace piaa::cli {
namespace {

using Exiv2::XmpData;

const std::string mwg = "Xmp.mwg-rs.Regions";
const std::string mwg_list = mwg + "/RegionList";
const std::string mwg_size = mwg + "/AppliedToDimensions";
const std::string iptc_list = "Xmp.iptcExt.ImageRegion";

/// A key without the prefixes of what is nested in it, which a file may choose: ".../iptc:rbX" -> ".../rbX".
std::string without_prefixes(const std::string& key) {
    std::string plain;
    for (std::size_t at = 0; at < key.size();) {
        const auto end = std::min(key.find('/', at + 1), key.size());
        const std::string step = key.substr(at, end - at);
        const auto colon = step.find(':');
        plain += colon == std::string::npos || step.front() != '/' ? step : "/" + step.substr(colon + 1);
        at = end;
    }
    return plain;
}

/// Keys are told without nested prefixes here.
template <typename Data>
auto find(Data& xmp, const std::string& key) {
    return std::find_if(xmp.begin(), xmp.end(),
                        [&](const auto& datum) { return without_prefixes(datum.key()) == key; });
}

std::string text(const XmpData& xmp, const std::string& key) {
    const auto found = find(xmp, key);
    return found == xmp.end() ? "" : found->toString();
}

std::optional<double> number(const XmpData& xmp, const std::string& key) {
    const std::string written = text(xmp, key);
    double value = 0;
    const auto [end, problem] = std::from_chars(written.data(), written.data() + written.size(), value);
    return problem == std::errc() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string written(double value) {
    return fmt::format("{:.6f}", value);
}

bool is_below(const std::string& key, const std::string& parent) {
    return key.starts_with(parent) &&
           (key.size() == parent.size() || key[parent.size()] == '/' || key[parent.size()] == '[');
}

std::string item(const std::string& list, std::size_t place) {
    return list + "[" + std::to_string(place) + "]";
}

/// Names of the four numbers of a region's area below its key.
struct Fields {
    std::string x, y, w, h;
};
const Fields mwg_fields{"/Area/x", "/Area/y", "/Area/w", "/Area/h"};
const std::string boundary = "/RegionBoundary/";
const Fields iptc_fields{boundary + "rbX", boundary + "rbY", boundary + "rbW", boundary + "rbH"};

std::optional<Box> numbers(const XmpData& xmp, const std::string& region, const Fields& fields) {
    const auto x = number(xmp, region + fields.x), y = number(xmp, region + fields.y);
    const auto w = number(xmp, region + fields.w), h = number(xmp, region + fields.h);
    if (!x || !y || !w || !h || !(*w > 0) || !(*h > 0)) return std::nullopt;
    return Box{*x, *y, *w, *h};
}

/// Changes what is there.
void set(XmpData& xmp, const std::string& key, const std::string& value) {
    const Exiv2::XmpTextValue as_text(value);
    if (const auto found = find(xmp, key); found != xmp.end()) found->setValue(&as_text);
}

void set(XmpData& xmp, const std::string& region, const Fields& fields, const Box& box) {
    set(xmp, region + fields.x, written(box.x));
    set(xmp, region + fields.y, written(box.y));
    set(xmp, region + fields.w, written(box.width));
    set(xmp, region + fields.h, written(box.height));
}

/// Copies an item of an array, with all that is below it, to another place.
void copy(const XmpData& from, const std::string& list, std::size_t place, XmpData& to,
          std::size_t new_place) {
    const std::string key = item(list, place);
    for (const auto& datum : from) {
        if (!is_below(without_prefixes(datum.key()), key)) continue;
        std::string moved = datum.key();
        const std::string number = "[" + std::to_string(place) + "]";
        const auto at = moved.find(number, moved.find(list.substr(list.find_last_of("/.") + 1)));
        moved.replace(at, number.size(), "[" + std::to_string(new_place) + "]");
        to.add(Exiv2::XmpKey(moved), &datum.value());
    }
}

/// Copies a key; with all that is below it, or alone.
void copy(const XmpData& from, const std::string& key, XmpData& to, bool whole) {
    for (const auto& datum : from) {
        const std::string plain = without_prefixes(datum.key());
        if (whole ? is_below(plain, key) : plain == key) to.add(datum);
    }
}

/// A region of the upright photo as the crop sees it; nothing when most of it lies outside.
std::optional<Box> in_crop(const Box& of_photo, const CropPlace& place) {
    const bool quarter = place.orientation >= 5;
    const Size photo = quarter ? Size{place.stored.height, place.stored.width} : place.stored;
    const Box region = place.angle == 0 ? of_photo : Levelling{place.angle, photo}.in_frame(of_photo);
    const Box& crop = place.upright;
    const double left = std::max(region.x, crop.x), right = std::min(region.right(), crop.right());
    const double top = std::max(region.y, crop.y), bottom = std::min(region.bottom(), crop.bottom());
    if (right <= left || bottom <= top) return std::nullopt;
    if ((right - left) * (bottom - top) < 0.5 * region.width * region.height) return std::nullopt;
    return Box{(left - crop.x) / crop.width, (top - crop.y) / crop.height, (right - left) / crop.width,
               (bottom - top) / crop.height};
}

bool same_shape(Size size, double width, double height) {
    return width > 0 && height > 0 && std::abs(std::log(width / height * size.height / size.width)) < 0.02;
}

/// The orientation to apply to the photo's mwg-rs areas: they are of the pixels as the file holds them, and
/// of some programs as people see them. Nothing where they were made for a picture of another shape.
std::optional<int> orientation_of_areas(const XmpData& xmp, const CropPlace& place) {
    const auto width = number(xmp, mwg_size + "/w"), height = number(xmp, mwg_size + "/h");
    if (!width || !height || same_shape(place.stored, *width, *height)) return place.orientation;
    if (same_shape({place.stored.height, place.stored.width}, *width, *height) && place.orientation >= 5)
        return 1;
    return std::nullopt;
}

void add_mwg(const XmpData& photo, const CropPlace& place, XmpData& crop) {
    const auto orientation = orientation_of_areas(photo, place);
    if (!orientation) return;
    std::size_t kept = 0;
    for (std::size_t i = 1; find(photo, item(mwg_list, i)) != photo.end(); ++i) {
        const std::string region = item(mwg_list, i), unit = text(photo, region + "/Area/unit");
        auto box = numbers(photo, region, mwg_fields);
        if (!box || (!unit.empty() && unit != "normalized")) continue;
        box->x -= box->width / 2;  // it is told by its middle
        box->y -= box->height / 2;
        auto inside = in_crop(after_orientation(*box, *orientation), place);
        if (!inside) continue;
        if (kept == 0) {
            copy(photo, mwg, crop, false);
            copy(photo, mwg_size, crop, true);
            copy(photo, mwg_list, crop, false);
        }
        copy(photo, mwg_list, i, crop, ++kept);
        inside->x += inside->width / 2;
        inside->y += inside->height / 2;
        set(crop, item(mwg_list, kept), mwg_fields, *inside);
    }
    set(crop, mwg_size + "/w", std::to_string(place.pixels.width));
    set(crop, mwg_size + "/h", std::to_string(place.pixels.height));
    set(crop, mwg_size + "/unit", "pixel");
}

bool says_how_to_crop(const XmpData& xmp, const std::string& region) {
    return std::any_of(xmp.begin(), xmp.end(), [&](const auto& datum) {
        if (!is_below(without_prefixes(datum.key()), region)) return false;
        const std::string value = datum.toString();
        return value.find("/imageregionrole/") != std::string::npos &&
               value.find("ropping") != std::string::npos;
    });
}

void add_iptc(const XmpData& photo, const CropPlace& place, XmpData& crop) {
    if (place.orientation != 1) return;
    std::size_t kept = 0;
    for (std::size_t i = 1; find(photo, item(iptc_list, i)) != photo.end(); ++i) {
        const std::string region = item(iptc_list, i), unit = text(photo, region + boundary + "rbUnit");
        auto box = numbers(photo, region, iptc_fields);
        if (!box || text(photo, region + boundary + "rbShape") != "rectangle" ||
            says_how_to_crop(photo, region))
            continue;
        if (unit == "pixel")
            *box = {box->x / place.stored.width, box->y / place.stored.height,
                    box->width / place.stored.width, box->height / place.stored.height};
        else if (unit != "relative")
            continue;
        const auto inside = in_crop(*box, place);
        if (!inside) continue;
        if (kept == 0) copy(photo, iptc_list, crop, false);
        copy(photo, iptc_list, i, crop, ++kept);
        set(crop, item(iptc_list, kept), iptc_fields, *inside);
        set(crop, item(iptc_list, kept) + boundary + "rbUnit", "relative");
    }
}

}  // namespace

void add_regions(const XmpData& photo, const CropPlace& place, XmpData& crop) {
    add_mwg(photo, place, crop);
    add_iptc(photo, place, crop);
}

}  // namespace piaa::cli
