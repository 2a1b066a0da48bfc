#pragma once

#include <string>
#include <vector>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/image.h>
#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/progress.h>

namespace piaa {

/// A part of a score that belongs to no place of the photo.
struct ScorePart {
    std::string name;   ///< "average photo", "colourfulness"...
    double points = 0;  ///< on the scale 1 to 10
};

/// Where in a photo its score comes from. Each value says, in points of the scale 1 to 10, how far the score
/// would lie above (or below) that of the average photo if all of the photo were like this place. So values
/// of different photos can be compared, and the mean over the photo plus the constants is the score. Of a
/// model with class tokens that is an estimate, learned from what photos lose without parts of them.
struct Heatmap {
    Size size;
    std::vector<float> values;         ///< row by row from the top left
    std::vector<ScorePart> constants;  ///< what no place accounts for, the largest part first

    float at(int x, int y) const { return values[static_cast<std::size_t>(y) * size.width + x]; }
    PIAA_API double mean() const;
    /// mean() plus the constants: the expected score before calibration and before it is limited to 1 to 10.
    PIAA_API double total() const;
};

/// The generic score's map: the head's weights applied at every place instead of to the pooled features
/// (class-activation map: Zhou et al., "Learning deep features for discriminative localization", 2016), the
/// coarser stages enlarged to the finest one. Signed, and without another pass of the network; exact but for
/// class tokens, whose share is placed as far as patches tell it, the rest being a constant. features: of
/// `model`, with maps; seen_both_ways() for a map to be looked at. Throws Error(bad_argument) otherwise.
PIAA_API Heatmap make_heatmap(const Model& model, const Features& features);

enum class HeatmapKind {
    generic,    ///< what people in general see
    personal,   ///< what this person sees
    difference  ///< what this person sees in it more than people in general
};

/// The same for the score of one person: their learned weights, projected back onto the stages. Attributes
/// that count for them are constants, each against its usual value. Throws Error(bad_argument) or
/// Error(bad_profile) when model, prior and profile do not belong together.
PIAA_API Heatmap make_heatmap(const Model& model, const Prior& prior, const UserProfile& profile,
                              const Features& features, HeatmapKind kind = HeatmapKind::personal);

/// The map at the photo's size. Values follow the edges of the photo (He and Sun, "Fast guided filter",
/// 2015); mean and constants stay what they were. photo: at any size.
PIAA_API Heatmap guided_upsampling(const Heatmap& map, const Image& photo);

struct OcclusionOptions {
    int columns = 7;  ///< patches across and down, 1 to 32 each
    int rows = 7;
    Progress progress = nullptr;
};

/// What the generic score loses when a patch of the photo is blurred away, in points: positive where the
/// photo is better with it. One forward pass a patch; a check on make_heatmap() rather than a replacement.
/// The only constant is the score of the whole photo less the mean of the map.
PIAA_API Heatmap occlusion_map(const Model& model, const Image& photo, const OcclusionOptions& options = {});

}  // namespace piaa
