#include "crops/crop_files.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include <boost/filesystem/operations.hpp>
#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/level.h>
#include <piaa/whole_file.h>

#include "console/escape.h"
#include "console/make_folder.h"
#include "crops/image_crop.h"
#include "photos/image_file.h"
#include "photos/levelled_image.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// FNV-1a: short, and the same everywhere.
std::string short_hash(const std::string& text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211ULL;
    return fmt::format("{:016x}", hash).substr(0, 8);
}

/// The picture, or more of the photo's pixels where it is so long that a preview would be a thin strip.
Image wide_enough(const Image& picture, const fs::path& photo, Size frame, Size photo_size, double angle) {
    constexpr int thin = 160, longest = 4096;
    const int shorter = std::min(picture.width(), picture.height());
    const double scale =
        std::min(static_cast<double>(thin) / shorter,
                 static_cast<double>(std::min(longest, std::max(frame.width, frame.height))) /
                     std::max(picture.width(), picture.height()));
    if (scale <= 1) return picture;
    const Size size{static_cast<int>(std::lround(picture.width() * scale)),
                    static_cast<int>(std::lround(picture.height() * scale))};
    return read_levelled({photo}, photo_size, size, angle);
}

/// A format's name as part of a file name: "4:5" is "4x5".
std::string file_name_of(std::string format) {
    std::replace(format.begin(), format.end(), ':', 'x');
    std::replace(format.begin(), format.end(), '/', '_');
    return format;
}

void draw_box(Image& image, const Box& box, const Colour& colour, int thickness) {
    std::vector<std::uint8_t> pixels(image.pixels().begin(), image.pixels().end());
    const int left = static_cast<int>(box.x * image.width());
    const int top = static_cast<int>(box.y * image.height());
    const int right = std::max(left, static_cast<int>(box.right() * image.width()) - 1);
    const int bottom = std::max(top, static_cast<int>(box.bottom() * image.height()) - 1);
    for (int y = top; y <= std::min(bottom, image.height() - 1); ++y)
        for (int x = left; x <= std::min(right, image.width() - 1); ++x) {
            const int from_edge = std::min({x - left, right - x, y - top, bottom - y});
            if (from_edge >= thickness) continue;
            std::uint8_t* pixel = &pixels[(static_cast<std::size_t>(y) * image.width() + x) * 3];
            pixel[0] = colour.red;
            pixel[1] = colour.green;
            pixel[2] = colour.blue;
        }
    image = Image(image.size(), std::move(pixels));
}

}  // namespace

CropFiles::CropFiles(fs::path folder, bool force) : folder_(std::move(folder)), force_(force) {
    make_folder(folder_);
}

fs::path CropFiles::name(const fs::path& photo, const std::string& what, const std::string& suffix) {
    const std::string end = std::string("_").append(file_name_of(what)).append(suffix);
    const std::string stem = photo.stem().string(), mark = "_" + short_hash(photo.string());
    const std::string whole = name_start(stem, end.size());
    std::string name = whole + end;
    const bool taken = photo_of_.emplace(name, photo.string()).first->second != photo.string();
    if (taken || whole != stem) {
        name = name_start(stem, mark.size() + end.size()) + mark + end;
        photo_of_.emplace(name, photo.string());
    }
    const fs::path file = folder_ / name;
    boost::system::error_code ignored;
    if (!force_ && fs::exists(file, ignored))
        throw Error(ErrorCode::io, file.string() + ": is there already; --force writes over it");
    return file;
}

std::vector<fs::path> write_crops(CropFiles& files, const fs::path& photo, const CropFormat& format,
                                  const CropResult& result, double angle) {
    const std::string suffix = crop_suffix(photo);
    std::vector<fs::path> written;
    for (const CropCandidate& crop : result.crops) {
        const std::string rank = std::to_string(written.size() + 1);
        written.push_back(files.name(photo, format.name + "_" + rank, suffix));
        write_crop(photo, crop.box, format.size, written.back(), angle);
    }
    return written;
}

std::vector<fs::path> write_posters(CropFiles& files, const fs::path& photo, const CropFormat& format,
                                    const CropResult& result, Size photo_size, const PosterTexts& texts,
                                    double angle) {
    std::vector<fs::path> written;
    for (const CropCandidate& crop : result.crops) {
        const std::string rank = std::to_string(written.size() + 1);
        written.push_back(files.name(photo, format.name + "_" + rank, ".svg"));
        const std::string svg = poster_svg({photo}, photo_size, crop, format.size, texts, angle);
        write_whole_file(written.back(), std::as_bytes(std::span(svg)));
    }
    return written;
}

void write_preview(CropFiles& files, const fs::path& photo, const Image& picture, const CropFormat& format,
                   const CropResult& result, Size photo_size, const PosterTexts& texts, double angle) {
    constexpr std::array<Colour, 3> colours{{{255, 220, 0}, {0, 200, 255}, {255, 90, 200}}};
    const CropCandidate& best = result.crops.front();
    const Size frame = Levelling{angle, photo_size}.frame();
    Image drawn = wide_enough(picture, photo, frame, photo_size, angle);
    if (!best.copy.empty()) drawn = with_text_layer(drawn, normalized(best.box, frame), best.copy, texts);
    for (std::size_t i = result.crops.size(); i-- > 0;) {
        const Box box = normalized(result.crops[i].box, frame);
        draw_box(drawn, box, {0, 0, 0}, i == 0 ? 5 : 3);
        draw_box(drawn, box, colours[i % colours.size()], i == 0 ? 4 : 2);
        for (const TextArea& copy : result.crops[i].copy)
            if (i == 0) draw_box(drawn, part_of(box, copy.box), copy.text, 2);
    }
    const fs::path file = files.name(photo, format.name + "_preview", ".jpg");
    const std::string jpeg = encode_jpeg(drawn, 85);
    write_whole_file(file, std::as_bytes(std::span(jpeg)));
}

}  // namespace piaa::cli
