#include <algorithm>
#include <cmath>
#include <cstdint>

#include <piaa/close_look.h>
#include <piaa/error.h>

namespace piaa {
namespace {

constexpr int tile_side = 32;
constexpr int step = 2;  // between the pixels that are compared: what cameras see at one is mostly noise

/// Sums over the pixels of tiles.
struct Sums {
    std::array<double, 4> energy{};
    double light = 0;
    double clipped = 0;
    double pixels = 0;

    void add(const Sums& other) {
        for (std::size_t d = 0; d < energy.size(); ++d) energy[d] += other.energy[d];
        light += other.light;
        clipped += other.clipped;
        pixels += other.pixels;
    }
};

/// A tile with its upper left corner here; the image is larger than `step` on all sides of it.
Sums tile_sums(const Image& image, int left, int top, int width, int height) {
    constexpr int most = tile_side + 2 * step;
    std::array<std::int16_t, most * most> luma;
    const int wide = width + 2 * step;
    for (int y = 0; y < height + 2 * step; ++y) {
        const std::uint8_t* p = image.at(left - step, top - step + y);
        for (int x = 0; x < wide; ++x, p += 3)
            luma[y * most + x] = static_cast<std::int16_t>((77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8);
    }
    Sums sums;
    const int forward[] = {step, step * most + step, step * most, step * most - step};
    for (int y = 0; y < height; ++y) {
        const std::int16_t* row = luma.data() + (y + step) * most + step;
        for (std::size_t d = 0; d < 4; ++d) {
            std::int32_t sum = 0;
            for (int x = 0; x < width; ++x) {
                // In 16 bits, which it fits, so that compilers take eight pixels at once.
                const auto edge =
                    static_cast<std::int16_t>(2 * row[x] - row[x - forward[d]] - row[x + forward[d]]);
                sum += edge * edge;
            }
            sums.energy[d] += sum;
        }
        std::int32_t light = 0, clipped = 0;
        for (int x = 0; x < width; ++x) {
            light += row[x];
            clipped += row[x] < 3 || row[x] > 252;
        }
        sums.light += light;
        sums.clipped += clipped;
    }
    sums.pixels = static_cast<double>(width) * height;
    return sums;
}

/// The tiles of one place of the grid, in at most so many evenly spaced columns and rows; one around the
/// middle of a place that is smaller than a tile.
Sums place_sums(const Image& image, int column, int row, int most) {
    const auto starts = [most](int place, int length) {
        const int side = std::min(tile_side, length - 2 * step);
        const int from = place * length / subject_grid, to = (place + 1) * length / subject_grid;
        const int count = std::clamp((to - from) / tile_side, 1, most);
        std::vector<int> all;
        for (int i = 0; i < count; ++i) {
            const int middle = from + (to - from) * (2 * i + 1) / (2 * count);
            all.push_back(std::clamp(middle - side / 2, step, length - step - side));
        }
        return all;
    };
    Sums sums;
    for (const int top : starts(row, image.height()))
        for (const int left : starts(column, image.width()))
            sums.add(tile_sums(image, left, top, std::min(tile_side, image.width() - 2 * step),
                               std::min(tile_side, image.height() - 2 * step)));
    return sums;
}

/// Shares of a box that each place holds; the sum is 1.
std::vector<float> shares_of(const Box& box) {
    std::vector<float> shares;
    const auto inside = [](double from, double to, int place) {
        return std::max(
            0.0, std::min(to, (place + 1.0) / subject_grid) - std::max(from, place / double(subject_grid)));
    };
    for (int row = 0; row < subject_grid; ++row)
        for (int column = 0; column < subject_grid; ++column)
            shares.push_back(static_cast<float>(inside(box.x, box.right(), column) *
                                                inside(box.y, box.bottom(), row) / box.area()));
    return shares;
}

}  // namespace

CloseLook look_closely(const Image& image, std::span<const float> subject, std::span<const Box> heads) {
    if (subject.size() != std::size_t{subject_grid} * subject_grid)
        throw Error(ErrorCode::bad_argument, "a close look needs the subject's share of each place");
    CloseLook look;
    if (std::min(image.width(), image.height()) <= 2 * step) return look;
    for (int row = 0; row < subject_grid; ++row)
        for (int column = 0; column < subject_grid; ++column) {
            const Sums here = place_sums(image, column, row, subject[look.places.size()] > 0 ? 2 : 1);
            FineDetail& detail = look.places.emplace_back();
            for (std::size_t d = 0; d < detail.energy.size(); ++d)
                detail.energy[d] = static_cast<float>(here.energy[d] / here.pixels);
            detail.light = static_cast<float>(here.light / here.pixels);
            constexpr double places = subject_grid * subject_grid;
            look.clipped += here.clipped / here.pixels / places;
            look.brightness += here.light / here.pixels / places;
        }
    look.subject.assign(subject.begin(), subject.end());
    // A photo in which nothing stands out is looked at as a whole.
    if (std::all_of(subject.begin(), subject.end(), [](float share) { return share == 0; }))
        look.subject.assign(look.places.size(), 1.0F / static_cast<float>(look.places.size()));
    constexpr double prominent = 1.0 / 16;  // of the height, or of the width where that is longer
    const auto largest = std::max_element(heads.begin(), heads.end(),
                                          [](const Box& a, const Box& b) { return a.area() < b.area(); });
    if (largest != heads.end() &&
        largest->height * image.height() >= prominent * std::max(image.width(), image.height()))
        look.head = shares_of(*largest);
    return look;
}

}  // namespace piaa
