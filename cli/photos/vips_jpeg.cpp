#include "photos/vips_jpeg.h"

namespace piaa::cli {

using vips::VImage;

VImage loaded(const JpegPixels& pixels, const VImage& header) {
    VImage image(vips_image_new_from_memory_copy(pixels.samples.data(), pixels.samples.size(), pixels.width,
                                                 pixels.height, pixels.channels, VIPS_FORMAT_UCHAR));
    image = image.copy(VImage::option()->set("interpretation", header.interpretation()));
    if (header.get_typeof(VIPS_META_ICC_NAME) != 0) {
        std::size_t length = 0;
        const void* profile = header.get_blob(VIPS_META_ICC_NAME, &length);
        vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, profile, length);
    }
    if (header.get_typeof(VIPS_META_ORIENTATION) != 0)
        image.set(VIPS_META_ORIENTATION, header.get_int(VIPS_META_ORIENTATION));
    return image;
}

}  // namespace piaa::cli
