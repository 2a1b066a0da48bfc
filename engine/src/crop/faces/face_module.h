#pragma once

#include <array>
#include <string>
#include <vector>

#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

/// A box around a face, brows to chin, in pixels of the picture, and what is in it.
struct Face {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    double certainty = 0;         ///< 0 to 1
    std::array<Point, 2> eyes{};  ///< in pixels as well; a hidden eye is guessed
};

/// The door between libpiaa and OpenCV, opened on first need because loading OpenCV takes longer than finding
/// crops. libpiaa_faces gives it under the name piaa_face_finder.
class FaceFinder {
public:
    virtual ~FaceFinder() = default;
    /// network: the file of YuNet, read once. Most certain first. Safe to call from several threads. Throws
    /// std::runtime_error when the file cannot be read.
    virtual std::vector<Face> find(const Image& picture, const std::string& network) const = 0;
};

}  // namespace piaa
