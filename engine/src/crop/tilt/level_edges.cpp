#include "crop/tilt/level_edges.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <piaa/error.h>

#include "crop/lines/line_module.h"
#include "io/installation.h"

namespace piaa {
namespace {

constexpr std::size_t most_edges = 96;
constexpr double shortest = 0.025;          ///< of the picture's longer side
constexpr int samples = 16;                 ///< along an edge
constexpr std::array<int, 2> beside{2, 3};  ///< pixels off the edge: where a side's brightness is read,
constexpr std::array<int, 3> busy_from{5, 10, 16};  ///< changes over three pixels,
constexpr std::array<int, 3> colours{3, 7, 12};     ///< and colour

const LineFinder& open_finder() {
    std::string reason;
    const auto* const finder = open_module<LineFinder>("lines", "piaa_line_finder", reason);
    if (finder == nullptr) throw Error(ErrorCode::io, "straight lines cannot be found: " + reason);
    return *finder;
}

double length_of(const LineSegment& segment) {
    return std::hypot(segment.to.x - segment.from.x, segment.to.y - segment.from.y);
}

bool stands(const Point& from, const Point& to) {
    return std::abs(to.y - from.y) > std::abs(to.x - from.x);
}

/// A way to look along a segment.
class Along {
public:
    Along(const Image& picture, const LineSegment& segment) : picture_(picture), segment_(segment) {
        const double length = length_of(segment);
        side_ = {(segment.to.y - segment.from.y) / length, (segment.from.x - segment.to.x) / length};
        if (stands(segment.from, segment.to) ? side_.x < 0 : side_.y > 0) side_ = {-side_.x, -side_.y};
    }

    const std::uint8_t* pixel(int sample, int aside) const {
        const double along = 0.06 + 0.88 * sample / (samples - 1);
        const double x = segment_.from.x + along * (segment_.to.x - segment_.from.x) + aside * side_.x;
        const double y = segment_.from.y + along * (segment_.to.y - segment_.from.y) + aside * side_.y;
        const auto nearest = [](double value, int size) {
            return static_cast<int>(std::lround(std::clamp(value, 0.0, size - 1.0)));
        };
        return picture_.at(nearest(x, picture_.width()), nearest(y, picture_.height()));
    }

    double luma(int sample, int aside) const {
        const std::uint8_t* const rgb = pixel(sample, aside);
        return (0.3 * rgb[0] + 0.59 * rgb[1] + 0.11 * rgb[2]) / 255;
    }

private:
    const Image& picture_;
    LineSegment segment_;
    Point side_;  ///< one pixel to its upper or right side
};

std::array<float, edge_looks> looks_of(const Along& edge) {
    double difference = 0, apart = 0;
    std::array<double, edge_looks> sums{};
    for (int i = 0; i < samples; ++i) {
        double step = 0;
        for (const int off : beside) step += (edge.luma(i, off) - edge.luma(i, -off)) / beside.size();
        difference += step / samples;
        apart += std::abs(step) / samples;
        for (const int side : {0, 1}) {
            const int sign = side == 0 ? 1 : -1;
            for (const int off : busy_from)
                sums[2 + side] += std::abs(edge.luma(i, sign * off) - edge.luma(i, sign * (off + 3))) /
                                  (samples * busy_from.size());
            for (const int off : colours) {
                const std::uint8_t* const rgb = edge.pixel(i, sign * off);
                for (int c = 0; c < 3; ++c)
                    sums[4 + 3 * side + c] += rgb[c] / (255.0 * samples * colours.size());
            }
        }
    }
    sums[0] = difference;
    sums[1] = std::abs(difference) / (apart + 0.01);
    std::array<float, edge_looks> looks{};
    std::copy(sums.begin(), sums.end(), looks.begin());
    return looks;
}

}  // namespace

std::vector<LevelEdge> find_level_edges(const Image& picture) {
    static const LineFinder& finder = open_finder();
    std::vector<LineSegment> segments = finder.find(picture);
    const double longer = std::max(picture.width(), picture.height());
    std::erase_if(segments,
                  [&](const LineSegment& segment) { return length_of(segment) < shortest * longer; });
    std::stable_sort(segments.begin(), segments.end(),
                     [](const LineSegment& a, const LineSegment& b) { return length_of(a) > length_of(b); });
    if (segments.size() > most_edges) segments.resize(most_edges);

    const auto placed = [&](const Point& point) {
        return Point{(2 * point.x - picture.width()) / longer, (2 * point.y - picture.height()) / longer};
    };
    std::vector<LevelEdge> edges;
    edges.reserve(segments.size());
    for (const LineSegment& segment : segments)
        edges.push_back({placed(segment.from), placed(segment.to), looks_of(Along(picture, segment))});
    return edges;
}

LevelEdge mirrored(const LevelEdge& edge) {
    LevelEdge result = edge;
    result.from.x = -edge.from.x;
    result.to.x = -edge.to.x;
    if (!stands(edge.from, edge.to)) return result;
    auto& looks = result.looks;
    looks[0] = -looks[0];
    std::swap(looks[2], looks[3]);
    std::swap_ranges(looks.begin() + 4, looks.begin() + 7, looks.begin() + 7);
    return result;
}

}  // namespace piaa
