#pragma once

#include <optional>
#include <span>
#include <vector>

#include <piaa/crop.h>

#include "crop/crop_head.h"
#include "photo/integral_map.h"

namespace piaa {

/// How strongly a stage of the network answers at each place: root mean square over channels, on the crop
/// grid, with mean 0 and deviation 1 over the photo; all 0 where it answers alike everywhere.
PIAA_API Plane activation_map(const FeatureMap& stage);

/// How much more than in the mean training photo each place stands out, weighted as the head says.
/// activations: of every stage of the model.
PIAA_API Plane activation_saliency(std::span<const Plane> activations, const CropHead& head);
/// The same from the maps of a photo.
PIAA_API Plane activation_saliency(const Features& features, const CropHead& head);

/// Where the subject is: what stands out more than in half of the photo, from the same activations. What the
/// network expects of a place in any photo is taken off by half only, since the middle is where subjects are.
/// The sum is 1, or 0 for a photo in which nothing stands out.
PIAA_API Plane subject_map(std::span<const Plane> activations, const CropHead& head);

/// The same where the head has learned it: `chance` is subject_chance() on the crop grid.
PIAA_API Plane subject_map(const Plane& chance);

/// Of a subject map's places with at least half of its highest value, those of the connected part that has
/// most of the subject; the sum is 1 again. What stands apart from it is left out.
PIAA_API Plane largest_part(const Plane& subject);

/// A subject map without the connected parts of it that nowhere reach half of its highest value, and without
/// places below a tenth of that; the sum is 1 again. Faint ends of what is clear stay.
PIAA_API Plane without_faint_parts(const Plane& subject);

/// Where heads of people and animals are: the places with more than half of the highest chance, the sum is 1;
/// all 0 for a photo that shows none, and for a head that has not learned it.
PIAA_API Plane head_map(const Features& features, const CropHead& head);

/// What is to stay whole where a format cannot hold the subject: half of it `part` of the subject, the other
/// half the heads, where there are any.
PIAA_API Plane with_heads(const Plane& part, const Plane& heads);

/// The subject with more of each column's share at its upper end, where heads, spires and blossoms are: where
/// not all of it fits, its foot is given up first.
PIAA_API Plane leaning_up(const Plane& subject);

/// The subject with what is around it: every place counts as much as the most of those next to it, the sum
/// is 1 again. A crop that holds that leaves the subject room, and thin or faint ends of it, which the map
/// hardly sees, stay whole.
PIAA_API Plane with_surroundings(const Plane& subject);

/// The box around the places with more than three tenths of a subject map's highest value, with a fifth of
/// its sides as room around it, as far as the photo goes; nothing where the map is 0 everywhere.
PIAA_API std::optional<Box> subject_box(const Plane& subject);

/// 1 where a subject map is at least three tenths of its highest value and, where the chance is known, a
/// place is not unlikely to be the subject; 0 elsewhere. Text on such a place lies on the subject.
PIAA_API Plane subject_core(const Plane& subject, const std::optional<Plane>& chance);

/// subject_chance() of a photo on the crop grid; nothing for a head that has not learned the subject.
PIAA_API std::optional<Plane> chance_for(const Features& features, const CropHead& head);

/// The activations of the stages that the head looks at, the others are empty; then, if the head has learned
/// the subject, how much more than elsewhere each place looks like it. chance: what chance_for() gave.
PIAA_API std::vector<Plane> activations_for(const Features& features, const CropHead& head,
                                            const std::optional<Plane>& chance);

/// The chance, 0 to 1, that somebody who crops the photo keeps each place. What stands out counts by its mean
/// over the surroundings.
PIAA_API Plane keep_map(const Plane& activation_saliency, const CropHead& head);

/// How well a crop agrees with the keep map, 0 to 1: the expected overlap (intersection over union) with
/// what people keep. It falls when a crop cuts what matters and when it keeps what does not, so it drifts
/// neither to tight crops nor to the whole frame.
PIAA_API double agreement(const IntegralMap& keep, const Box& crop);

}  // namespace piaa
