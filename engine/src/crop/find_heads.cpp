#include <algorithm>
#include <stdexcept>

#include <piaa/error.h>
#include <piaa/faces.h>

#include "crop/faces/face_module.h"
#include "io/installation.h"

namespace piaa {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
    throw Error(ErrorCode::io, "faces cannot be found: " + reason);
}

const FaceFinder& open_finder() {
    std::string reason;
    const auto* const finder = open_module<FaceFinder>("faces", "piaa_face_finder", reason);
    if (finder == nullptr) refuse(reason);
    return *finder;
}

}  // namespace

std::vector<Box> find_heads(const Image& picture) try {
    static const FaceFinder& finder = open_finder();
    static const std::string network =
        (data_folder() / "models" / "face_detection_yunet_2026may.onnx").string();
    std::vector<Box> heads;
    for (const Face& face : finder.find(picture, network)) {
        // The detector frames brows to chin: two fifths above for the hair, a fifth beside for it and the
        // ears.
        const double left = std::max(0.0, face.x - 0.2 * face.width);
        const double top = std::max(0.0, face.y - 0.4 * face.height);
        const double right = std::min<double>(picture.width(), face.x + 1.2 * face.width);
        const double bottom = std::min<double>(picture.height(), face.y + 1.1 * face.height);
        heads.push_back({left / picture.width(), top / picture.height(), (right - left) / picture.width(),
                         (bottom - top) / picture.height()});
    }
    return heads;
} catch (const Error&) {
    throw;
} catch (const std::exception& error) {
    refuse(error.what());
}

std::string keep_heads(const Features& features, std::span<CropOptions> formats) try {
    if (!features.picture) return "faces cannot be found: the features come without a picture";
    const std::vector<Box> heads = find_heads(*features.picture);
    for (CropOptions& format : formats) format.keep.insert(format.keep.end(), heads.begin(), heads.end());
    return {};
} catch (const Error& error) {
    return error.what();
}

}  // namespace piaa
