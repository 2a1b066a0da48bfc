#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/geometry.h>
#include <piaa/image.h>
#include <piaa/subject.h>

namespace piaa {

/// Fine detail at one place of a photo.
struct FineDetail {
    /// Mean square of the second difference of luma, 0 to 255, along each direction: from left to right, from
    /// top left to bottom right, from top to bottom, from top right to bottom left.
    std::array<float, 4> energy{};
    float light = 0;  ///< mean luma
};

/// What a close look at one photo of a group sees; on the grid of find_subject().
struct CloseLook {
    std::vector<FineDetail>
        places;                  ///< subject_grid x subject_grid, row by row; empty: could not be looked at
    std::vector<float> subject;  ///< how much of the subject each place has; the sum is 1
    std::vector<float> head;     ///< the same of the most prominent head; empty where there is none
    double clipped = 0;          ///< share of pixels without detail, black or white
    double brightness = 0;       ///< mean luma, 0 to 255
    /// How coarsely the file rounds brightness: the mean step of a JPEG's quantisation table, at least 1.
    /// Nothing for other files and for those that were resized for the look.
    std::optional<double> rounding = std::nullopt;
};

/// image: every pixel of the photo, all of one group at one size. subject: what find_subject() says. heads:
/// what find_heads() sees.
///
/// Looks at tiles of 32 x 32 pixels, at most four in each place of the grid that has some of the subject and
/// one elsewhere, so that the cost is bounded. Throws Error(bad_argument) for a subject on another grid.
PIAA_API CloseLook look_closely(const Image& image, std::span<const float> subject,
                                std::span<const Box> heads = {});

/// Where a photo is sharp, in one sentence: "Sharpest at: middle and right; the subject is sharper than the
/// photo as a whole." Empty for a look without places.
PIAA_API std::string sharpness_in_words(const CloseLook& look);

/// How a photo compares with the others of its group.
struct PIAA_API GroupPlace {
    double value = 0;  ///< against the best, which has 0; in points of score
    /// How much softer its subject is than in the sharpest frame, in octaves, 0 at least: along the direction
    /// in which it is softest and along that in which it is least soft. 1: half as much fine detail.
    double softest = 0;
    double least_soft = 0;
    std::size_t direction = 0;  ///< the softest one, as in FineDetail
    double clipped = 0;         ///< share of pixels without detail
    double exposure = 0;        ///< stops above what most of the group have
    double score = 0;
    bool seen = true;  ///< false: could not be looked at, so all but score and value mean nothing

    // What these weigh, in points of score.
    double softness_points() const;
    double clipping_points() const;
    double exposure_points() const;

    bool soft_subject() const;  ///< clearly softer than in the sharpest frame
    bool shaken() const;        ///< blurred along one direction, so by movement and not by focus
    bool out_of_focus() const;  ///< blurred alike along all; neither where that cannot be told
};

/// How good each photo of a group is against the others: its score, its subject's sharpness, its clipped
/// pixels and how far it is from the group's usual exposure. The subject is the most prominent head where all
/// frames show one. An absolute score picks the kept photo of a moment hardly better than chance.
PIAA_API std::vector<GroupPlace> compare_in_group(std::span<const double> scores,
                                                  std::span<const CloseLook> looks);

/// Why a photo is the best of its group, or what it has against it.
PIAA_API std::string in_words(const GroupPlace& place, std::span<const GroupPlace> group);

}  // namespace piaa
