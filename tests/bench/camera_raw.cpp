// A photo as a camera's RAW file would hold it: sensor pixels and, as cameras do, a smaller JPEG for viewing.
//   camera_raw PHOTO DNG PREVIEW_WIDTH      0 for no preview

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <piaa/error.h>
#include <piaa/image.h>

#include "photos/image_file.h"
#include "support/dng.h"

int main(int argc, char** argv) try {
    if (argc != 4) throw piaa::Error(piaa::ErrorCode::bad_argument, "camera_raw PHOTO DNG PREVIEW_WIDTH");
    const piaa::Image photo = piaa::cli::read_full_image(argv[1]);
    const int width = std::atoi(argv[3]);
    const piaa::Size preview{width, photo.height() * width / photo.width()};
    const std::string jpeg =
        width > 0 ? piaa::cli::encode_jpeg(piaa::resized(photo, preview), 90) : std::string();
    std::ofstream(argv[2], std::ios::binary) << piaa::test::dng_bytes(photo, jpeg, preview, 1);
    return 0;
} catch (const piaa::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
