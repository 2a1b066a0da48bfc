#include <algorithm>

#include <piaa/error.h>
#include <piaa/heatmap.h>

#include "explain/score_head.h"

namespace piaa {
namespace {

/// Where a row or column of patches begins; `index` may be the count itself, for the end.
int border(int index, int count, int side) {
    return static_cast<int>(static_cast<std::int64_t>(side) * index / count);
}

/// The photo with one patch replaced by its blurred self: a grey patch would be something new to judge.
Image without_patch(const Image& photo, const Image& blurred, int left, int top, int right, int bottom) {
    std::vector<std::uint8_t> pixels(photo.pixels().begin(), photo.pixels().end());
    for (int y = top; y < bottom; ++y) {
        const auto offset = (static_cast<std::size_t>(y) * photo.width() + left) * 3;
        std::copy_n(blurred.at(left, y), static_cast<std::size_t>(right - left) * 3, pixels.begin() + offset);
    }
    return {photo.size(), std::move(pixels)};
}

double expected_score(const ScoreHead& head, const Features& features) {
    double score = head.constant;
    for (std::size_t i = 0; i < head.pooled.size(); ++i) score += head.pooled[i] * features.pooled[i];
    return score;
}

}  // namespace

Heatmap occlusion_map(const Model& model, const Image& photo, const OcclusionOptions& options) {
    const auto [columns, rows] = std::pair(options.columns, options.rows);
    if (columns < 1 || columns > 32 || rows < 1 || rows > 32)
        throw Error(ErrorCode::bad_argument, "occlusion has " + std::to_string(columns) + "x" +
                                                 std::to_string(rows) +
                                                 " patches and should have 1 to 32 a side");
    const ScoreHead head = generic_head(model);
    const auto score_of = [&](const Image& image) {
        return expected_score(head, extract_features(model, std::span(&image, 1)).front());
    };
    const Image blurred = resized(resized(photo, {columns, rows}), photo.size());
    const double whole = score_of(photo);
    Heatmap map{{columns, rows}, {}, {}};
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const Image image = without_patch(
                photo, blurred, border(column, columns, photo.width()), border(row, rows, photo.height()),
                border(column + 1, columns, photo.width()), border(row + 1, rows, photo.height()));
            map.values.push_back(static_cast<float>(whole - score_of(image)));
            const double done = static_cast<double>(map.values.size()) / (columns * rows);
            if (options.progress && !options.progress(done))
                throw Error(ErrorCode::cancelled, "occlusion map was stopped");
        }
    map.constants = {{"score less the mean of the map", whole - map.mean()}};
    return map;
}

}  // namespace piaa
