// The way of a photo's bytes to pixels: what the file is, its header, its decoder, its colours. BMP, colour
// profiles and all around the decoders are ours; the decoders are the system's.

#include <algorithm>

#include <piaa/error.h>

#include "fuzz_target.h"
#include "input_file.h"
#include "photos/image_file.h"
#include "support/hostile_corpus.h"
#include "support/jpeg_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const piaa::test::InputFile file("");
    file.set(data, size);
    // What damage makes large is decoded small, as photos are; the limit of the program itself is tested
    // apart.
    const auto smallest = [](piaa::Size photo) {
        return piaa::Size{std::min(photo.width, 64), std::min(photo.height, 64)};
    };
    try {
        const auto header = piaa::cli::read_header(file.path());
        if (static_cast<double>(header.size.width) * header.size.height > 4e6) return 0;
        piaa::cli::read_image(file.path(), smallest);
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    const piaa::test::TemporaryFolder folder;
    std::vector<std::string> seeds;
    for (const auto& photo : piaa::test::good_photos(folder.path())) seeds.push_back(photo.bytes);
    // So large that an eighth of them is asked for, which is made from some of their scans.
    const auto picture = piaa::test::disc({520, 512}, 0.4, 0.5, 0.3, {200, 180, 90}, {20, 40, 120});
    auto scripts = piaa::test::unusual_scans();
    scripts.emplace_back();
    for (const auto& scans : scripts)
        for (const bool arithmetic : {false, true})
            seeds.push_back(piaa::test::jpeg_bytes(picture, {.scans = scans, .arithmetic = arithmetic}));
    seeds.push_back(piaa::test::jpeg_bytes(picture, {.across = 1, .down = 1, .restart = 9}));
    // So long that it is read in pieces, and its last scan not at all.
    seeds.push_back(piaa::test::jpeg_bytes(piaa::test::random_pixels({520, 512}), {}));
    return seeds;
}
