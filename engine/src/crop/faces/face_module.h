#pragma once

#include <string>
#include <vector>

#include <piaa/image.h>

namespace piaa {

/// A square around a face, in pixels.
struct Face {
    int x = 0;
    int y = 0;
    int side = 0;
};

/// The door between libpiaa and OpenCV, opened on first need because loading OpenCV takes longer than finding
/// crops. libpiaa_faces gives it under the name piaa_face_finder.
class FaceFinder {
public:
    virtual ~FaceFinder() = default;
    /// Safe to call from several threads. Throws std::runtime_error when the cascade cannot be read.
    virtual std::vector<Face> find(const Image& picture) const = 0;
};

}  // namespace piaa
