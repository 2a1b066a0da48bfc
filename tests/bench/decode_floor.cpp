#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <jpeglib.h>

#include <piaa/piaa.h>

/// What no program that scores photos can do without: libjpeg-turbo decodes each photo at the reduced size
/// the model asks for, and nothing else. decode_floor JOBS PHOTO...
namespace {

std::vector<unsigned char> read_bytes(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The largest reduction that libjpeg offers and that stays at or above `smallest`.
unsigned reduction(piaa::Size photo, piaa::Size smallest) {
    unsigned factor = 8;
    while (factor > 1 && (photo.width / static_cast<int>(factor) < smallest.width ||
                          photo.height / static_cast<int>(factor) < smallest.height))
        factor /= 2;
    return factor;
}

/// Sum of the decoded bytes, so that nothing can be left out.
std::size_t decode(const std::string& file, const piaa::Model& model) {
    const auto bytes = read_bytes(file);
    jpeg_error_mgr errors;
    jpeg_decompress_struct jpeg;
    jpeg.err = jpeg_std_error(&errors);  // prints and exits: the benchmark's photos are whole
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_read_header(&jpeg, TRUE);
    const piaa::Size photo{static_cast<int>(jpeg.image_width), static_cast<int>(jpeg.image_height)};
    jpeg.scale_num = 1;
    jpeg.scale_denom = reduction(photo, piaa::decode_size(model, photo));
    jpeg_start_decompress(&jpeg);
    std::vector<unsigned char> row(static_cast<std::size_t>(jpeg.output_width) * jpeg.output_components);
    std::size_t sum = 0;
    while (jpeg.output_scanline < jpeg.output_height) {
        unsigned char* rows[] = {row.data()};
        jpeg_read_scanlines(&jpeg, rows, 1);
        sum += row[row.size() / 2];
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return sum;
}

}  // namespace

int main(int argc, char** argv) {
    const piaa::Model model = piaa::load_model("lite");
    std::atomic<int> next = 2;
    std::atomic<std::size_t> sum = 0;
    const auto work = [&] {
        for (int i = next++; i < argc; i = next++) sum += decode(argv[i], model);
    };
    std::vector<std::thread> workers;
    for (int job = 0; job < std::atoi(argv[1]); ++job) workers.emplace_back(work);
    for (auto& worker : workers) worker.join();
    std::cout << sum << '\n';
    return 0;
}
