#include "crops/crop_format.h"

#include <algorithm>
#include <cstdio>

#include <piaa/error.h>
#include <piaa/preset.h>

namespace piaa::cli {

Box BoxArgument::in(Size picture) const {
    Box result = box;
    if (pixels) {
        result.x /= picture.width;
        result.width /= picture.width;
        result.y /= picture.height;
        result.height /= picture.height;
    }
    result.width = std::min(result.width, 1.0 - result.x);
    result.height = std::min(result.height, 1.0 - result.y);
    if (result.width <= 0 || result.height <= 0)
        throw Error(ErrorCode::bad_argument, "a box to keep lies outside the photo of " +
                                                 std::to_string(picture.width) + "x" +
                                                 std::to_string(picture.height) + " pixels");
    return result;
}

BoxArgument parse_box(const std::string& text) {
    BoxArgument argument;
    Box& box = argument.box;
    int used = 0;
    const int found =
        std::sscanf(text.c_str(), "%lf,%lf,%lf,%lf%n", &box.x, &box.y, &box.width, &box.height, &used);
    if (found != 4 || used != static_cast<int>(text.size()) || !(box.x >= 0) || !(box.y >= 0) ||
        !(box.width > 0) || !(box.height > 0) || !(box.right() < 1e9) || !(box.bottom() < 1e9))
        throw Error(ErrorCode::bad_argument,
                    "box '" + text + "' should be x,y,width,height, as 0.2,0.1,0.5,0.5");
    argument.pixels = std::max({box.x, box.y, box.width, box.height}) > 1;
    return argument;
}

Size parse_size(const std::string& text) {
    Size size;
    int used = 0;
    const int found = std::sscanf(text.c_str(), "%6dx%6d%n", &size.width, &size.height, &used);
    if (found != 2 || used != static_cast<int>(text.size()) || size.width < 1 || size.height < 1)
        throw Error(ErrorCode::bad_argument, "size '" + text + "' should be widthxheight, as 1080x1350");
    return size;
}

std::vector<CropFormat> crop_formats(const std::vector<std::string>& presets,
                                     const std::vector<std::string>& aspects, bool upscale) {
    std::vector<CropFormat> formats;
    for (const std::string& name : presets) {
        const Preset preset = find_preset(name);
        formats.push_back({preset.name, piaa::crop_options(preset, upscale), preset.size});
    }
    for (const std::string& aspect : aspects) {
        CropFormat format{aspect, {}, {}};
        format.options.aspect = parse_aspect(aspect);
        formats.push_back(std::move(format));
    }
    if (formats.empty()) formats.push_back({"free", {}, {}});
    return formats;
}

}  // namespace piaa::cli
