#pragma once

#include <vector>

#include <piaa/geometry.h>
#include <piaa/image.h>

namespace piaa {

/// A straight edge, in pixels of the picture.
struct LineSegment {
    Point from;
    Point to;
};

/// The door between libpiaa and OpenCV's line segment detector (LSD, von Gioi et al. 2010), opened on first
/// need. libpiaa_lines gives it under the name piaa_line_finder.
class LineFinder {
public:
    virtual ~LineFinder() = default;
    /// Safe to call from several threads.
    virtual std::vector<LineSegment> find(const Image& picture) const = 0;
};

}  // namespace piaa
