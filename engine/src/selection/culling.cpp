#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include <piaa/content_id.h>
#include <piaa/culling.h>
#include <piaa/embedding.h>
#include <piaa/error.h>

namespace piaa {
namespace {

constexpr double seconds_in_burst = 12;      // between one photo and the next
constexpr double seconds_of_versions = 600;  // an edited copy keeps the time; a tripod stays for longer
constexpr double alike = 0.64;               // feature_distance(); docs/decisions.md has what was measured
constexpr double related = 1.00;             // neighbours of a panorama look less alike than a burst
constexpr int longest_run = 4;               // a photo is compared with so many before it
constexpr double bracket_step = 0.5;         // stops
constexpr double panorama_step = 0.12;       // share of the frame
constexpr double panorama_likeness = 0.6;

bool near_in_time(const PickPhoto& a, const PickPhoto& b, double seconds) {
    return a.time && b.time && std::abs(*a.time - *b.time) <= seconds;
}

/// Between the ends of two embeddings, 0 for photos that look the same, about 1.4 for any two.
double distance(const PickPhoto& a, const PickPhoto& b) {
    return std::sqrt(2 * std::max(0.0, 1 - similarity(a.embedding, b.embedding)));
}

/// Groups as a forest; a root is its own parent.
class Groups {
public:
    explicit Groups(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
    std::size_t root(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        parent_[std::max(root(a), root(b))] = std::min(root(a), root(b));
    }

private:
    std::vector<std::size_t> parent_;
};

/// In the order of time; photos without one last.
std::vector<std::size_t> by_time(std::span<const PickPhoto> photos) {
    std::vector<std::size_t> order(photos.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (photos[a].time.has_value() != photos[b].time.has_value()) return photos[a].time.has_value();
        return photos[a].time && *photos[a].time < *photos[b].time;
    });
    return order;
}

/// Content ids as numbers, so that all pairs of 20,000 photos take a second.
using Bits = std::array<std::uint64_t, 4>;

std::optional<Bits> bits_of(const std::string& id) {
    if (id.size() != 64) return std::nullopt;
    Bits bits{};
    for (std::size_t i = 0; i < id.size(); ++i) {
        const char c = id[i];
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (value < 0) return std::nullopt;
        bits[i / 16] = bits[i / 16] << 4 | static_cast<std::uint64_t>(value);
    }
    return bits;
}

int differing(const Bits& a, const Bits& b) {
    int count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += std::popcount(a[i] ^ b[i]);
    return count;
}

void join_versions(std::span<const PickPhoto> photos, Groups& groups) {
    std::vector<std::optional<Bits>> bits;
    for (const auto& photo : photos) bits.push_back(bits_of(photo.content_id));
    for (std::size_t a = 0; a < photos.size(); ++a)
        for (std::size_t b = a + 1; b < photos.size() && bits[a]; ++b) {
            if (!bits[b] || differing(*bits[a], *bits[b]) > most_differing_bits) continue;
            if (photos[a].time && photos[b].time && !near_in_time(photos[a], photos[b], seconds_of_versions))
                continue;
            if (feature_distance(photos[a].look, photos[b].look) <= alike) groups.join(a, b);
        }
}

/// Luma on a grid of 64 a side, its mean taken off.
constexpr int grid = 64;
using Grid = std::array<float, grid * grid>;

Grid grid_of(const Image& image) {
    const Image small = resized(image, {grid, grid});
    Grid values{};
    for (int y = 0; y < grid; ++y)
        for (int x = 0; x < grid; ++x) {
            const auto* p = small.at(x, y);
            values[y * grid + x] = 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
        }
    return values;
}

/// Correlation of a, from (dx, dy) on, with the start of b.
double likeness_at(const Grid& a, const Grid& b, int dx, int dy) {
    double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    for (int y = std::max(0, dy); y < std::min(grid, grid + dy); ++y)
        for (int x = std::max(0, dx); x < std::min(grid, grid + dx); ++x) {
            const double u = a[y * grid + x], v = b[(y - dy) * grid + x - dx];
            n += 1, sa += u, sb += v, saa += u * u, sbb += v * v, sab += u * v;
        }
    const double va = saa - sa * sa / n, vb = sbb - sb * sb / n;
    return va > n && vb > n ? (sab - sa * sb / n) / std::sqrt(va * vb) : 0;
}

/// Whether the views of a run go on in one direction.
bool is_panorama(const std::vector<std::size_t>& run, const SmallPhoto& small) {
    if (!small || run.size() < 3) return false;
    std::vector<Image> images;
    for (const auto photo : run) {
        auto image = small(photo);
        if (!image) return false;
        images.push_back(std::move(*image));
    }
    double right = 0, down = 0, steps = 0;
    for (std::size_t i = 0; i + 1 < images.size(); ++i) {
        const FrameShift shift = frame_shift(images[i], images[i + 1]);
        const double step = std::hypot(shift.right, shift.down);
        if (shift.likeness < panorama_likeness || step < panorama_step) return false;
        right += shift.right, down += shift.down, steps += step;
    }
    return std::hypot(right, down) > 0.9 * steps;
}

/// One view at exposures that step up or down. A burst in changing light differs less.
bool is_bracket(std::span<const PickPhoto> photos, const std::vector<std::size_t>& group) {
    if (group.size() < 3) return false;
    std::vector<double> exposures;
    for (const auto i : group) {
        if (!photos[i].exposure || !photos[i].time) return false;
        exposures.push_back(*photos[i].exposure);
    }
    std::sort(exposures.begin(), exposures.end());
    for (std::size_t i = 0; i + 1 < exposures.size(); ++i)
        if (exposures[i + 1] - exposures[i] < bracket_step) return false;
    return true;
}

/// Runs of time in which each photo is at least related to the one before.
void find_panoramas(std::span<const PickPhoto> photos, const std::vector<std::size_t>& order,
                    const SmallPhoto& small, std::vector<bool>& taken, std::vector<PhotoGroup>& found) {
    for (std::size_t start = 0; start < order.size();) {
        std::vector<std::size_t> run = {order[start]};
        std::size_t next = start + 1;
        for (; next < order.size(); ++next) {
            const auto& last = photos[run.back()];
            const auto& photo = photos[order[next]];
            if (!near_in_time(last, photo, seconds_in_burst) ||
                feature_distance(last.look, photo.look) > related)
                break;
            run.push_back(order[next]);
        }
        if (is_panorama(run, small)) {
            for (const auto i : run) taken[i] = true;
            found.push_back({PhotoGroup::Kind::panorama, run});
        }
        start = next;
    }
}

}  // namespace

double feature_distance(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size())
        throw Error(ErrorCode::bad_argument, "features of two models cannot be compared");
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(squares);
}

FrameShift frame_shift(const Image& a, const Image& b) {
    const Grid first = grid_of(a), second = grid_of(b);
    constexpr int most = grid * 7 / 10;
    FrameShift best;
    best.likeness = likeness_at(first, second, 0, 0);
    for (int dy = -most; dy <= most; ++dy)
        for (int dx = -most; dx <= most; ++dx) {
            if ((grid - std::abs(dx)) * (grid - std::abs(dy)) < grid * grid * 3 / 10) continue;
            const double likeness = likeness_at(first, second, dx, dy);
            if (likeness > best.likeness + 1e-9)
                best = {static_cast<double>(dx) / grid, static_cast<double>(dy) / grid, likeness};
        }
    return best;
}

std::vector<PhotoGroup> group_photos(std::span<const PickPhoto> photos, const SmallPhoto& small) {
    const auto order = by_time(photos);
    std::vector<bool> taken(photos.size(), false);
    std::vector<PhotoGroup> found;
    find_panoramas(photos, order, small, taken, found);

    Groups groups(photos.size());
    join_versions(photos, groups);
    for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t j = i > longest_run ? i - longest_run : 0; j < i; ++j) {
            const auto &a = photos[order[j]], &b = photos[order[i]];
            if (near_in_time(a, b, seconds_in_burst) && feature_distance(a.look, b.look) <= alike)
                groups.join(order[j], order[i]);
        }

    std::vector<std::vector<std::size_t>> members(photos.size());
    for (const auto i : order)
        if (!taken[i]) members[groups.root(i)].push_back(i);
    for (auto& group : members) {
        if (group.empty()) continue;
        const auto kind = group.size() == 1           ? PhotoGroup::Kind::single
                          : is_bracket(photos, group) ? PhotoGroup::Kind::bracket
                                                      : PhotoGroup::Kind::alike;
        found.push_back({kind, std::move(group)});
    }
    std::sort(found.begin(), found.end(), [](const PhotoGroup& a, const PhotoGroup& b) {
        return *std::min_element(a.photos.begin(), a.photos.end()) <
               *std::min_element(b.photos.begin(), b.photos.end());
    });
    return found;
}

std::vector<std::size_t> choose_cover(std::span<const PickPhoto> photos, std::size_t count) {
    const std::size_t n = photos.size();
    if (n == 0) return {};
    double typical = 0;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n && j < i + 8; ++j, ++pairs)
            typical += distance(photos[i], photos[j]);
    typical = pairs > 0 && typical > 0 ? typical / static_cast<double>(pairs) : 1;
    const auto quality = [&](std::size_t i) { return std::exp(0.35 * photos[i].score); };
    const auto kernel = [&](std::size_t i, std::size_t j) {
        const double d = distance(photos[i], photos[j]) / typical;
        return quality(i) * quality(j) * std::exp(-2 * d * d);
    };
    std::vector<double> gain(n);
    std::vector<std::vector<double>> rows(n);
    for (std::size_t i = 0; i < n; ++i) gain[i] = quality(i) * quality(i);
    std::vector<bool> taken(n, false);
    std::vector<std::size_t> chosen;
    while (chosen.size() < std::min(count, n)) {
        std::size_t best = n;
        for (std::size_t i = 0; i < n; ++i)
            if (!taken[i] && (best == n || gain[i] > gain[best])) best = i;
        taken[best] = true;
        chosen.push_back(best);
        const double root = std::sqrt(std::max(gain[best], 1e-12));
        for (std::size_t i = 0; i < n; ++i) {
            if (taken[i]) continue;
            const double shared = std::inner_product(rows[i].begin(), rows[i].end(), rows[best].begin(), 0.0);
            const double part = (kernel(best, i) - shared) / root;
            rows[i].push_back(part);
            gain[i] -= part * part;
        }
    }
    return chosen;
}

}  // namespace piaa
