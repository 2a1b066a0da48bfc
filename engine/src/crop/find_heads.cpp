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
    std::vector<Box> heads;
    for (const Face& face : finder.find(picture)) {
        // A cascade frames brows to mouth: half as much again above for the hair, a quarter to each other
        // side.
        const double left = std::max(0.0, face.x - 0.25 * face.side);
        const double top = std::max(0.0, face.y - 0.5 * face.side);
        const double right = std::min<double>(picture.width(), face.x + 1.25 * face.side);
        const double bottom = std::min<double>(picture.height(), face.y + 1.25 * face.side);
        heads.push_back({left / picture.width(), top / picture.height(), (right - left) / picture.width(),
                         (bottom - top) / picture.height()});
    }
    return heads;
} catch (const Error&) {
    throw;
} catch (const std::exception& error) {
    refuse(error.what());
}

}  // namespace piaa
