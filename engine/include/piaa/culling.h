#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// What grouping has to know of a photo.
struct PickPhoto {
    std::string content_id;
    std::vector<float> look;       ///< look(), by one model for all photos: groups go by it
    std::vector<float> embedding;  ///< embedding(): what is shown, by which covers vary
    double score = 0;              ///< 1 to 10
    std::optional<double> time;    ///< when it was taken, in seconds; none where the file does not say
    std::optional<double>
        exposure;  ///< in stops, for brackets: log2 of time * sensitivity / aperture squared
};

/// Photos of one moment.
struct PhotoGroup {
    enum class Kind {
        single,    ///< nothing like it
        alike,     ///< a burst, or versions of one picture: one of them is enough
        bracket,   ///< one picture at several exposures, taken to be joined
        panorama,  ///< neighbouring views, taken to be joined
    };
    Kind kind = Kind::single;
    std::vector<std::size_t> photos;  ///< places in the list given, in the order of time, then of the list
};

/// How unlike two photos look: the length of the difference of their look(), about 0.4 within a burst and 1.2
/// for any two photos.
PIAA_API double feature_distance(std::span<const float> a, std::span<const float> b);

/// Where the second photo looks when the first looks ahead, in shares of the frame.
struct FrameShift {
    double right = 0;
    double down = 0;
    double likeness = 0;  ///< correlation of what both show, 1 for the same
};

/// Finds the shift, of at most 70 % of a side, at which two photos of one shape are most alike.
PIAA_API FrameShift frame_shift(const Image& a, const Image& b);

/// Reads a photo small (about 128 pixels a side) where grouping has to look; nothing when it cannot be read.
using SmallPhoto = std::function<std::optional<Image>(std::size_t photo)>;

/// Every photo in exactly one group. Photos are of one moment when they were taken within seconds of each
/// other AND look alike; a time alone says nothing, since clocks are wrong and files lose theirs. Without
/// times only versions of the same picture are grouped. Photos next to each other in time whose views go on
/// in one direction are a panorama, of one view and stepped exposures a bracket.
PIAA_API std::vector<PhotoGroup> group_photos(std::span<const PickPhoto> photos,
                                              const SmallPhoto& small = nullptr);

/// A varied set of good photos, for a poster or an album: greedy search for the largest determinant of a
/// kernel of quality and likeness (Chen, Zhang and Zhou, "Fast greedy MAP inference for determinantal point
/// process", 2018). Returns at most `count` places in the order chosen.
PIAA_API std::vector<std::size_t> choose_cover(std::span<const PickPhoto> photos, std::size_t count);

}  // namespace piaa
