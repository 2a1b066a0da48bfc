#include <cstdint>
#include <iostream>
#include <vector>

#include <piaa/piaa.h>

/// A blue sky that brightens towards green land.
static piaa::Image landscape(piaa::Size size) {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const bool sky = y < size.height * 2 / 3;
            const auto brightness = static_cast<std::uint8_t>(100 + 100 * y / size.height + x % 7);
            pixels.insert(pixels.end(), {static_cast<std::uint8_t>(brightness / 2), brightness,
                                         static_cast<std::uint8_t>(sky ? 230 : 40)});
        }
    }
    return {size, std::move(pixels)};
}

int main() try {
    const piaa::Model model = piaa::load_model("lite");
    const std::vector<piaa::Image> images{landscape({600, 400})};
    const auto features = piaa::extract_features(model, images);
    std::cout << "piaa " << piaa::version() << " score " << piaa::score(model, features.front()).score
              << '\n';
    return 0;
} catch (const piaa::Error& error) {
    std::cerr << "consumer: " << error.what() << '\n';
    return 1;
}
