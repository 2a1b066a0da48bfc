#pragma once

#include <cstddef>
#include <utility>
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

struct PlacesLesson {
    std::size_t photos = 0;
    double penalty = 0;  ///< of the ridge, in units of the mean square of a token's number
    /// How the changes of the generic score correlate with what the map's places say, in photos held out:
    /// learned here, and with what is told from how whole photos differ.
    double correlation = 0;
    double by_reading = 0;
};

/// Learns what each place of a photo does to the class tokens, by ridge regression over blurred parts of many
/// photos.
class PIAA_API PlacesTrainer {
public:
    /// file: where to write, beside what it holds of other models. Throws Error(bad_argument) for a model
    /// without class tokens, Error(bad_model) for a file that is something else.
    PlacesTrainer(Model model, boost::filesystem::path file);

    /// Blurs parts of a photo, `pairs` times, and looks what becomes of the class tokens: 2 * pairs forward
    /// passes. features: of the model, with maps; the same ones give the same parts. Safe to call from
    /// several threads.
    std::vector<BlurredPart> blur_parts(const Features& features, int pairs) const;

    /// The parts of one photo. Every fifth photo is held out to choose the penalty.
    void add(std::vector<BlurredPart> parts) { photos_.push_back(std::move(parts)); }

    /// Writes the file. Throws Error(bad_data) with fewer than 10 photos.
    PlacesLesson learn() const;

private:
    Model model_;
    boost::filesystem::path file_;
    std::vector<std::vector<BlurredPart>> photos_;
};

}  // namespace piaa
