#include "photo/preprocess.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include <piaa/error.h>

namespace piaa {
namespace {

int rounded_side(double side, int multiple) {
    return std::max(1, static_cast<int>(std::lround(side / multiple))) * multiple;
}

}  // namespace

Preprocessing parse_preprocessing(const std::string& text, const std::string& file) {
    Preprocessing result;
    try {
        const auto json = nlohmann::json::parse(text);
        result.id = json.at("id").get<std::string>();
        result.squash = json.contains("side");
        result.side = json.at(result.squash ? "side" : "area").get<int>();
        if (!result.squash) {
            result.multiple = json.at("multiple").get<int>();
            result.max_aspect = json.at("max_aspect").get<double>();
        }
        result.mirror = json.value("mirror", false);
        result.mean = json.at("mean").get<std::array<float, 3>>();
        result.deviation = json.at("std").get<std::array<float, 3>>();
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorCode::bad_model, file + ": preprocessing is not the JSON it should be");
    }
    const auto positive = [](float v) { return v > 0; };
    if (result.side < 16 || result.side > 2048 || result.multiple < 1 || result.multiple > result.side ||
        !(result.max_aspect >= 1 && result.max_aspect <= 16) ||
        !std::all_of(result.deviation.begin(), result.deviation.end(), positive))
        throw Error(ErrorCode::bad_model, file + ": preprocessing has a number out of range");
    return result;
}

Size input_size(const Preprocessing& preprocessing, Size photo) {
    const int side = preprocessing.side;
    if (preprocessing.squash) return {side, side};
    const double aspect = std::clamp(static_cast<double>(photo.width) / photo.height,
                                     1 / preprocessing.max_aspect, preprocessing.max_aspect);
    const double stretch = std::sqrt(aspect);
    return {rounded_side(side * stretch, preprocessing.multiple),
            rounded_side(side / stretch, preprocessing.multiple)};
}

Size size_to_decode(const Preprocessing& preprocessing, Size photo) {
    const Size input = input_size(preprocessing, photo);
    const auto covers = [&](Size decoded, double margin) {
        return decoded.width >= margin * input.width && decoded.height >= margin * input.height;
    };
    const Size eighth{photo.width / mean_block, photo.height / mean_block};
    if (covers(eighth, preprocessing.squash ? square_eighth_margin : eighth_margin)) return eighth;
    if (!covers(photo, decode_margin)) return photo;
    const double scale =
        std::max(decode_margin * input.width / photo.width, decode_margin * input.height / photo.height);
    return {static_cast<int>(std::ceil(photo.width * scale)),
            static_cast<int>(std::ceil(photo.height * scale))};
}

}  // namespace piaa
