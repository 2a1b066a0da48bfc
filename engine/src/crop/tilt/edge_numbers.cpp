#include "crop/tilt/edge_numbers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace piaa {

EdgeNumbers::EdgeNumbers(const LevelEdge& edge) {
    const double x = (edge.from.x + edge.to.x) / 2, y = (edge.from.y + edge.to.y) / 2;
    const double across = edge.to.x - edge.from.x, down = edge.to.y - edge.from.y;
    const double length = std::max(1e-4, std::hypot(across, down));
    double angle = std::atan2(down, across) * 180 / std::numbers::pi;
    angle -= 180 * std::round(angle / 180);  // -90 to 90
    const double up = std::abs(angle) > 45 ? 1 : 0, lying = 1 - up;
    tilt = lying == 1 ? angle : angle > 0 ? angle - 90 : angle + 90;
    const double turn = 4 * tilt * std::numbers::pi / 180;
    const auto& looks = edge.looks;
    values = {x,
              y,
              up,
              lying,
              std::clamp(tilt / 10, -1.5, 1.5),
              std::tanh(tilt / 3),
              std::sin(turn),
              std::cos(turn),
              std::exp(-tilt * tilt / 64),
              std::log(length) + 1.5,
              length,
              x * up,
              y * up,
              x * lying,
              y * lying,
              5.0 * looks[0],
              5.0 * std::abs(looks[0]),
              looks[1],
              10.0 * looks[2],
              10.0 * looks[3]};
    std::transform(looks.begin() + 4, looks.end(), values.begin() + 20,
                   [](float colour) { return 2.0 * colour - 1; });
}

}  // namespace piaa
