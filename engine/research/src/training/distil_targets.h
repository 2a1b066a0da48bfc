#pragma once

#include <optional>
#include <span>
#include <vector>

#include <piaa/image.h>
#include <piaa/model.h>
#include <piaa/prior.h>

namespace piaa {

/// The channel means of the model's pooled stages, of one photo, without its mirror image.
std::vector<float> channel_means(const Model& model, const Image& input);

/// What a teacher says of a photo: its pooled numbers, its generic score and places along its prior's
/// directions.
class DistilTeacher {
public:
    /// Throws Error(bad_argument) for another model's prior.
    DistilTeacher(const Model& model, const std::optional<Prior>& prior, int directions);

    std::vector<float> operator()(const Image& view) const;

    /// By what each number is to be multiplied, given what the teacher said of many photos, so that the mean
    /// square of what a student misses is a share of the variance. The numbers of a stage are not whitened:
    /// they share one factor. Stages count one half together, the last one as much as all others; the score
    /// and the directions share the other half.
    std::vector<float> factors(std::span<const std::vector<float>> said) const;

private:
    Model model_;
    std::vector<std::size_t> stages_;  ///< how many numbers each pooled stage has
    std::vector<std::vector<float>>
        readings_;  ///< the score, then the directions: one weight a pooled number
};

}  // namespace piaa
