#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <optional>

#include <piaa/content_id.h>

namespace piaa {
namespace {

constexpr int grid = 64;         // the photo is brought to grid x grid places
constexpr int frequencies = 16;  // and 16 x 16 frequencies along each side are kept, without the constant
constexpr int bits = 256;

using Basis = std::array<std::array<float, grid>, frequencies + 1>;

Basis cosine_basis() {
    Basis basis{};
    for (int k = 0; k <= frequencies; ++k)
        for (int i = 0; i < grid; ++i)
            basis[k][i] = static_cast<float>(std::cos(std::numbers::pi * k * (i + 0.5) / grid));
    return basis;
}

std::optional<int> hexadecimal_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return {};
}

}  // namespace

std::string content_id(const Image& image) {
    static const Basis basis = cosine_basis();
    const Image small = resized(image, {grid, grid});
    std::array<std::array<float, frequencies + 1>, grid> rows{};
    for (int y = 0; y < grid; ++y) {
        for (int x = 0; x < grid; ++x) {
            const std::uint8_t* p = small.at(x, y);
            const float luminance = 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
            for (int k = 0; k <= frequencies; ++k) rows[y][k] += luminance * basis[k][x];
        }
    }
    std::string id;
    int digit = 0;
    for (int bit = 0; bit < bits; ++bit) {
        const int v = (bit + 1) / (frequencies + 1);
        const int u = (bit + 1) % (frequencies + 1);
        float sum = 0;
        for (int y = 0; y < grid; ++y) sum += rows[y][u] * basis[v][y];
        digit = 2 * digit + (sum > 0 ? 1 : 0);
        if (bit % 4 == 3) {
            id += "0123456789abcdef"[digit];
            digit = 0;
        }
    }
    return id;
}

std::optional<int> differing_bits(const std::string& a, const std::string& b) {
    if (a.size() != bits / 4 || b.size() != a.size()) return {};
    int differing = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto left = hexadecimal_value(a[i]);
        const auto right = hexadecimal_value(b[i]);
        if (!left || !right) return {};
        differing += std::popcount(static_cast<unsigned>(*left ^ *right));
    }
    return differing;
}

bool same_photo(const std::string& a, const std::string& b) {
    const auto differing = differing_bits(a, b);
    return differing && *differing <= most_differing_bits;
}

}  // namespace piaa
