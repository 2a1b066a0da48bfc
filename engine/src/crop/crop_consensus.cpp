#include "crop/crop_consensus.h"

#include <algorithm>

namespace piaa {

void CropConsensus::add(const Box& box, double likely) {
    const std::size_t lane = count_++ % lanes;
    if (lane == 0) {
        Lanes empty{};
        std::fill_n(empty.area, lanes, 1.0);  // is divided by, and then counts nothing
        boxes_.push_back(empty);
    }
    Lanes& boxes = boxes_.back();
    boxes.left[lane] = box.x;
    boxes.top[lane] = box.y;
    boxes.right[lane] = box.right();
    boxes.bottom[lane] = box.bottom();
    boxes.area[lane] = box.area();
    boxes.likely[lane] = likely;
    total_ += likely;
}

double CropConsensus::expected_overlap(const Box& crop) const {
    const double right = crop.right();
    const double bottom = crop.bottom();
    const double area = crop.area();
    double sum[lanes] = {};
    for (const Lanes& boxes : boxes_)
        for (std::size_t i = 0; i < lanes; ++i) {
            const double width = std::min(right, boxes.right[i]) - std::max(crop.x, boxes.left[i]);
            const double height = std::min(bottom, boxes.bottom[i]) - std::max(crop.y, boxes.top[i]);
            const double both = std::max(width, 0.0) * std::max(height, 0.0);
            sum[i] += boxes.likely[i] * both / (area + boxes.area[i] - both);
        }
    return total_ > 0 ? ((sum[0] + sum[1]) + (sum[2] + sum[3])) / total_ : 0;
}

}  // namespace piaa
