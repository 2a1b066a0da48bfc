#include "crop/tilt_evidence.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace piaa {
namespace {

constexpr double widest = 11;      ///< degrees from the horizontal or vertical at which an edge is none
constexpr double shortest = 0.03;  ///< of the picture's longer side
constexpr int samples = 16;        ///< along an edge
constexpr double grid_end = 10;    ///< degrees
constexpr double grid_step = 0.1;  ///< degrees
constexpr double kernel = 0.4;     ///< degrees: how far edges that agree lie apart
constexpr double together = 0.5;   ///< degrees

double luma(const Image& picture, double x, double y) {
    const std::uint8_t* pixel =
        picture.at(std::clamp(static_cast<int>(std::lround(x)), 0, picture.width() - 1),
                   std::clamp(static_cast<int>(std::lround(y)), 0, picture.height() - 1));
    return (0.3 * pixel[0] + 0.59 * pixel[1] + 0.11 * pixel[2]) / 255;
}

/// One edge with what it takes to look along it.
struct Line {
    double x = 0, y = 0;            ///< its middle
    double length = 0;              ///< pixels
    double step_x = 0, step_y = 0;  ///< one pixel along
    double side_x = 0, side_y = 0;  ///< one pixel to its upper or right side

    double at(const Image& picture, double along, double aside) const {
        return luma(picture, x + along * length * step_x + aside * side_x,
                    y + along * length * step_y + aside * side_y);
    }
};

/// How much brighter one side is, how evenly so, and how busy each side is.
std::array<double, 4> looks_of(const Image& picture, const Line& line) {
    double difference = 0, apart = 0;
    std::array<double, 2> busy{};
    for (int i = 0; i < samples; ++i) {
        const double along = -0.44 + 0.88 * i / (samples - 1);
        const auto near = [&](int side) {
            return (line.at(picture, along, 2 * side) + line.at(picture, along, 3 * side)) / 2;
        };
        const double step = near(1) - near(-1);
        difference += step / samples;
        apart += std::abs(step) / samples;
        for (const int side : {1, -1})
            for (const int from : {5, 10, 16})
                busy[side < 0] += std::abs(line.at(picture, along, from * side) -
                                           line.at(picture, along, (from + 3) * side)) /
                                  (3 * samples);
    }
    return {std::abs(difference), std::abs(difference) / (apart + 0.01), busy[0], busy[1]};
}

struct Found {
    Line line;
    double tilt = 0;
    bool upright = false;
};

std::vector<Found> near_level(std::span<const LineSegment> segments, double longer, double& all) {
    std::vector<Found> found;
    for (const LineSegment& segment : segments) {
        const double dx = segment.to.x - segment.from.x, dy = segment.to.y - segment.from.y;
        const double length = std::hypot(dx, dy);
        if (length < shortest * longer) continue;
        all += length;
        double angle = std::atan2(dy, dx) * 180 / std::numbers::pi;
        angle -= 180 * std::round(angle / 180);  // -90 to 90
        const bool upright = std::abs(angle) > 45;
        const double tilt = !upright ? angle : angle > 0 ? angle - 90 : angle + 90;
        if (std::abs(tilt) > widest) continue;
        Line line{(segment.from.x + segment.to.x) / 2,
                  (segment.from.y + segment.to.y) / 2,
                  length,
                  dx / length,
                  dy / length,
                  -dy / length,
                  dx / length};
        if (upright ? line.side_x < 0 : line.side_y > 0) {
            line.side_x = -line.side_x;
            line.side_y = -line.side_y;
        }
        found.push_back({line, tilt, upright});
    }
    return found;
}

/// Length of the others that go on in the same line.
double continued(std::span<const Found> all, const Found& one) {
    double sum = 0;
    for (const Found& other : all) {
        const double aside =
            (other.line.x - one.line.x) * one.line.side_x + (other.line.y - one.line.y) * one.line.side_y;
        if (&other != &one && other.upright == one.upright && std::abs(other.tilt - one.tilt) < 1.5 &&
            std::abs(aside) < 2.5)
            sum += other.line.length;
    }
    return sum;
}

/// How much of the edges' weight lies at each angle of the grid.
using Density = std::vector<double>;

double angle_at(std::size_t place) {
    return -grid_end + grid_step * static_cast<double>(place);
}

template <typename Counts>
Density density(std::span<const LevelEdge> edges, std::span<const double> weights, Counts counts) {
    Density sum(static_cast<std::size_t>(std::lround(2 * grid_end / grid_step)) + 1);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (!counts(edges[i])) continue;
        for (std::size_t k = 0; k < sum.size(); ++k) {
            const double far = (edges[i].tilt - angle_at(k)) / kernel;
            sum[k] += weights[i] * std::exp(-far * far / 2);
        }
    }
    return sum;
}

std::size_t highest(const Density& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// The mean of the edges around an angle, which moves to where they are densest.
double refined(std::span<const LevelEdge> edges, std::span<const double> weights, double angle) {
    for (int round = 0; round < 4; ++round) {
        double sum = 0, weight = 0;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            const double far = (edges[i].tilt - angle) / (0.9 * kernel);
            const double share = weights[i] * std::exp(-far * far / 2);
            sum += share * edges[i].tilt;
            weight += share;
        }
        if (weight > 0) angle = sum / weight;
    }
    return angle;
}

double safe_log(double value) {
    return std::log(value + 1e-4);
}

/// How far the best angle of some edges is from the one chosen; little where they weigh little.
double disagreement(const Density& part, double angle, double peak) {
    const std::size_t best = highest(part);
    return std::min(std::abs(angle_at(best) - angle), 3.0) * std::min(1.0, part[best] / (peak + 1e-9));
}

}  // namespace

std::vector<LevelEdge> level_edges(const Image& picture, std::span<const LineSegment> segments) {
    const double longer = std::max(picture.width(), picture.height());
    double all = 0;
    const auto found = near_level(segments, longer, all);
    double longest = 0;
    std::array<double, 2> alike{};
    for (const Found& one : found) {
        longest = std::max(longest, one.line.length);
        alike[one.upright] += one.line.length;
    }
    std::vector<LevelEdge> edges;
    for (const Found& one : found) {
        const double length = one.line.length, extent = one.upright ? picture.height() : picture.width();
        const auto looks = looks_of(picture, one.line);
        edges.push_back({one.tilt,
                         length / longer,
                         one.line.x / picture.width() - 0.5,
                         one.upright,
                         {one.upright ? 1.0 : 0.0, std::log(length / longer), length / extent,
                          (length + continued(found, one)) / extent, looks[0], looks[1], looks[2], looks[3],
                          alike[one.upright] / all, length / longest}});
    }
    return edges;
}

TiltEvidence weigh_edges(std::span<const LevelEdge> edges, std::span<const double> chances) {
    std::vector<double> weights;
    for (std::size_t i = 0; i < edges.size(); ++i)
        weights.push_back(std::pow(chances[i], 1.5) * edges[i].length);
    const auto every = [](const LevelEdge&) { return true; };
    const Density whole = density(edges, weights, every);
    const std::size_t best = highest(whole);
    const double peak = whole[best];
    double second = 0;
    for (std::size_t k = 0; k < whole.size(); ++k)
        if (std::abs(angle_at(k) - angle_at(best)) > 1.2) second = std::max(second, whole[k]);
    const Density lying = density(edges, weights, [](const LevelEdge& edge) { return !edge.upright; });
    const Density upright = density(edges, weights, [](const LevelEdge& edge) { return edge.upright; });
    const Density left = density(edges, weights, [](const LevelEdge& edge) { return edge.across < 0; });
    const double angle = refined(edges, weights, angle_at(best));
    double sum = 0, agreeing = 0, squares = 0, longest = 0.01;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        sum += weights[i];
        if (std::abs(edges[i].tilt - angle) >= together) continue;
        agreeing += weights[i];
        squares += weights[i] * weights[i];
        longest = std::max(longest, edges[i].length);
    }
    return {angle,
            {safe_log(peak), std::log((second + 1e-5) / (peak + 1e-4)), peak / (sum + 1e-6),
             agreeing / (sum + 1e-6), safe_log(lying[best]), safe_log(upright[best]),
             disagreement(lying, angle, peak), disagreement(upright, angle, peak),
             safe_log(std::min(left[best], peak - left[best])),
             std::log(agreeing * agreeing / (squares + 1e-12) + 1e-3), std::log(longest),
             std::log1p(static_cast<double>(edges.size())), std::abs(angle)}};
}

double logistic(std::span<const double> weights, std::span<const double> measures) {
    const double sum =
        std::inner_product(measures.begin(), measures.end(), weights.begin() + 1, weights.front());
    return 1 / (1 + std::exp(-sum));
}

TiltEvidence evidence_of(std::span<const LevelEdge> edges, const LevelWeights& weights) {
    if (edges.empty()) return {};
    std::vector<double> chances;
    for (const LevelEdge& edge : edges) chances.push_back(logistic(weights.edge, edge.measures));
    return weigh_edges(edges, chances);
}

}  // namespace piaa
