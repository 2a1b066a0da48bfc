#pragma once

#include "support/pictures.h"

namespace piaa::test {

/// Grain, and the same softened over so many pixels around each.
inline Image grain(int radius) {
    const auto at = [](int x, int y) {
        unsigned block = static_cast<unsigned>((x / 3 + 1000) * 4096 + y / 3 + 1000);
        for (int round = 0; round < 3; ++round) block = (block ^ block >> 15) * 2654435761U + 12345U;
        return 60 + static_cast<int>(block >> 24) / 2;
    };
    return painted({480, 360}, [&, radius](int x, int y) {
        int sum = 0, count = 0;
        for (int dy = -radius; dy <= radius; ++dy)
            for (int dx = -radius; dx <= radius; ++dx, ++count) sum += at(x + dx, y + dy);
        const int value = sum / count;
        return Colour{value, value, value};
    });
}

}  // namespace piaa::test
