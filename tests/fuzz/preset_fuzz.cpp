// The reader of crop presets. It takes files, so each input becomes one in memory.

#include <piaa/error.h>
#include <piaa/preset.h>

#include "fuzz_target.h"
#include "input_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const piaa::test::InputFile file(".json");
    file.set(data, size);
    try {
        piaa::crop_options(piaa::read_preset(file.path()));
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {R"({"title": "Portrait post", "group": "social", "aspect": "4:5", "size": [1080, 1350]})",
            R"({"title": "A2", "group": "poster", "aspect": "1:1.414", "margin": 0.04, "min_kept": 0.3,
                "areas": [{"name": "headline", "x": 0.05, "y": 0.05, "width": 0.9, "height": 0.2}]})",
            "{}"};
}
