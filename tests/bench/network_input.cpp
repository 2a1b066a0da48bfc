#include <cstdlib>
#include <iostream>

#include <piaa/piaa.h>

#include "photos/image_file.h"

/// Writes the pixels that piaa-batch gives its network, as PPM: network_input PHOTO WIDTH HEIGHT
int main(int, char** argv) {
    const piaa::Model model = piaa::load_model("lite");
    const auto photo =
        piaa::cli::read_image(argv[1], [&](piaa::Size size) { return decode_size(model, size); });
    const piaa::Image input = resized(photo.image, {std::atoi(argv[2]), std::atoi(argv[3])});
    std::cout << "P6\n" << input.width() << ' ' << input.height() << "\n255\n";
    const auto pixels = input.pixels();
    std::cout.write(reinterpret_cast<const char*>(pixels.data()),
                    static_cast<std::streamsize>(pixels.size()));
    return 0;
}
