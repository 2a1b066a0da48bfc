#include <numeric>

#include <piaa/heatmap.h>

#include "photo/guided_upsampling.h"

namespace piaa {

double Heatmap::mean() const {
    if (values.empty()) return 0;
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Heatmap::total() const {
    double sum = mean();
    for (const ScorePart& part : constants) sum += part.points;
    return sum;
}

Heatmap guided_upsampling(const Heatmap& map, const Image& photo) {
    Plane plane(map.size.width, map.size.height);
    plane.values = map.values;
    return {photo.size(), enlarged_along(plane, luminance(photo)).values, map.constants};
}

}  // namespace piaa
