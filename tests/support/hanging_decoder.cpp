// Loaded before libjpeg (LD_PRELOAD): its decoder never comes back from pictures that are 333 pixels wide.
#include <cstdio>

#include <dlfcn.h>
#include <jpeglib.h>
#include <unistd.h>

extern "C" __attribute__((visibility("default"))) int jpeg_read_header(j_decompress_ptr decoder,
                                                                       boolean require_image) {
    using Function = int (*)(j_decompress_ptr, boolean);
    static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "jpeg_read_header"));
    const int result = real(decoder, require_image);
    while (decoder->image_width == 333) ::pause();
    return result;
}
