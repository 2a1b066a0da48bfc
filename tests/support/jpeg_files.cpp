#include "support/jpeg_files.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jpeglib.h>

namespace piaa::test {
namespace {

std::vector<jpeg_scan_info> script_of(const std::vector<JpegScan>& scans) {
    std::vector<jpeg_scan_info> script;
    for (const JpegScan& scan : scans) {
        jpeg_scan_info& info = script.emplace_back();
        info = {static_cast<int>(scan.planes.size()), {}, scan.first, scan.last, scan.before, scan.after};
        for (std::size_t i = 0; i < scan.planes.size(); ++i) info.component_index[i] = scan.planes[i];
    }
    return script;
}

}  // namespace

std::vector<std::vector<JpegScan>> unusual_scans() {
    return {
        // Each plane by itself and at once, colour first.
        {{{2}, 0, 0}, {{1}, 0, 0}, {{0}, 0, 0}, {{2}, 1, 63}, {{0}, 1, 63}, {{1}, 1, 63}},
        // Means get their last bits at the very end.
        {{{0, 1, 2}, 0, 0, 0, 2},
         {{0}, 1, 8, 0, 2},
         {{1}, 1, 63, 0, 1},
         {{2}, 1, 63, 0, 1},
         {{0}, 9, 63, 0, 2},
         {{0}, 1, 63, 2, 1},
         {{0}, 1, 63, 1, 0},
         {{1}, 1, 63, 1, 0},
         {{2}, 1, 63, 1, 0},
         {{0, 1, 2}, 0, 0, 2, 1},
         {{0, 1, 2}, 0, 0, 1, 0}},
        // Many bands, as mozjpeg's search leaves them.
        {{{0}, 0, 0},
         {{1, 2}, 0, 0},
         {{0}, 1, 2, 0, 1},
         {{0}, 3, 63, 0, 1},
         {{0}, 1, 63, 1, 0},
         {{1}, 1, 8},
         {{1}, 9, 63},
         {{2}, 1, 5},
         {{2}, 6, 14},
         {{2}, 15, 63}},
    };
}

std::string jpeg_bytes(const Image& image, const JpegKind& kind) {
    jpeg_compress_struct jpeg;
    jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);  // prints and ends the test program: what is asked for can be written
    jpeg_create_compress(&jpeg);
    unsigned char* written = nullptr;
    unsigned long length = 0;
    jpeg_mem_dest(&jpeg, &written, &length);
    jpeg.image_width = static_cast<JDIMENSION>(image.width());
    jpeg.image_height = static_cast<JDIMENSION>(image.height());
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    if (kind.grey) jpeg_set_colorspace(&jpeg, JCS_GRAYSCALE);
    jpeg_set_quality(&jpeg, kind.quality, TRUE);
    jpeg.comp_info[0].h_samp_factor = kind.across;
    jpeg.comp_info[0].v_samp_factor = kind.down;
    jpeg.arith_code = kind.arithmetic ? TRUE : FALSE;
    jpeg.restart_interval = kind.restart;
    const auto script = script_of(kind.scans);
    if (!script.empty()) {
        jpeg.scan_info = script.data();
        jpeg.num_scans = static_cast<int>(script.size());
    } else if (kind.progressive) {
        jpeg_simple_progression(&jpeg);
    }
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        auto* row = const_cast<JSAMPROW>(image.at(0, static_cast<int>(jpeg.next_scanline)));
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const std::unique_ptr<unsigned char, void (*)(void*)> memory(written, std::free);
    return {reinterpret_cast<const char*>(written), length};
}

}  // namespace piaa::test
