#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

/// One way to blur a part of a photo, against blurring all but that part.
struct BlurredPart {
    std::vector<float> tokens;   ///< mean of the photo's tokens, negative ones where it was blurred
    std::vector<float> changes;  ///< of the class tokens
};

/// Blurs parts of a photo, `pairs` times, and looks what becomes of the class tokens: 2 * pairs forward
/// passes. features: of `model`, with maps; the same ones give the same parts. Throws Error(bad_argument)
/// for a model without class tokens. Safe to call from several threads.
PIAA_API std::vector<BlurredPart> blur_parts(const Model& model, const Features& features, int pairs);

struct PlacesLesson {
    std::size_t photos = 0;
    double penalty = 0;  ///< of the ridge, in units of the mean square of a token's number
    /// How the changes of the generic score correlate with what the map's places say, in photos held out:
    /// learned here, and with what is told from how whole photos differ.
    double correlation = 0;
    double by_reading = 0;
};

/// Learns what each place does to the class tokens, by ridge regression over all parts of all photos, and
/// writes it into the file, beside what that holds of other models. A fifth of the photos is held out to
/// choose the penalty. Throws Error(bad_data) with fewer than 10 photos.
PIAA_API PlacesLesson train_places(const Model& model, std::span<const std::vector<BlurredPart>> photos,
                                   const boost::filesystem::path& file);

}  // namespace piaa
